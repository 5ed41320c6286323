"""The texts of a daily report: as it is known now, as it was put aside with the review, as it was issued."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from backend.access import lineage
from backend.city.tables import Centre
from backend.desk.dailybelow import Period, below, moment
from backend.desk.dailyfacts import values
from backend.desk.desk import Desk, Voice
from backend.desk.naming import names
from backend.reports import bulletins, contributions, templates
from backend.store import table
from backend.words import word
from backend.words.say import LANGUAGES, Language

CENTRE = table(Centre)
NO_REPORT = "none"
"""The state of a period of which there is no report yet."""


def _speaking(desk: Desk, language: Language) -> Desk:
    """The same desk in another language; the person's own stays theirs."""
    return replace(desk, voice=Voice(language))


def facts(connection: Connection, desk: Desk, period: Period) -> dict[str, Any]:
    """Figures and templates in both languages, as JSON can say them."""
    return {
        "values": {language: values(connection, _speaking(desk, language), period) for language in LANGUAGES},
        "templates": {
            name: templates.text_of(connection, name)
            for name in templates.known_files()
            if name.startswith("daily.")
        },
    }


def issue(connection: Connection, desk: Desk, period: Period, row: Any) -> None:
    """Freeze the texts, with the chain's head; where there is a tier above, its contribution goes there."""
    issued = bulletins.version_of(connection, row.centre, row.day, row.version)
    audit_head = bulletins.audit_head(connection)
    texts = {
        f"{language}.{kind}": text(
            connection, _speaking(desk, language), period, issued, kind, audit_head=audit_head
        )
        for language in LANGUAGES
        for kind in templates.FORMATS
    }
    bulletins.freeze(connection, row, texts, audit_head)
    got = [one.sent for one in below(connection, desk, period) if one.sent is not None]
    if got and has_above(connection, period.grid):
        contributions.send(
            connection,
            period.day,
            period.centre,
            measures=contributions.summed(got),
            text=row.remark,
            by=desk.actor.person,
            now=desk.now,
        )


def text(
    connection: Connection, desk: Desk, period: Period, row: Any, kind: str, *, audit_head: str = ""
) -> str:
    """A report's text in the desk's language: as issued, else as put aside, else as known now."""
    language = desk.language
    name = f"daily.{language}.{kind}"
    if row is not None and row.texts:
        texts: dict[str, str] = json.loads(row.texts)
        return texts.get(f"{language}.{kind}", "")
    if row is not None and row.facts:
        kept = json.loads(row.facts)
        content, template = kept["values"][language], kept["templates"][name]
    else:
        content, template = values(connection, desk, period), templates.text_of(connection, name)
    head = audit_head or bulletins.audit_head(connection)
    return templates.filled(name, template, {**content, **_heading(connection, desk, period, row, head)})


def _heading(connection: Connection, desk: Desk, period: Period, row: Any, audit_head: str) -> dict[str, Any]:
    """What a report says of itself."""
    known = names(connection, [period.centre, *people(row)], desk.language)
    state = NO_REPORT if row is None else row.state
    told: dict[str, Any] = {
        "title": word("report.daily.title", desk.language),
        "centre": known.get(period.centre, period.centre),
        "since": moment(desk, period.since),
        "until": moment(desk, period.until),
        "day": period.day,
        "version": 1 if row is None else row.version,
        "state": word(f"report.state.{state}", desk.language),
        "reason": "" if row is None else row.reason,
        "remark": "" if row is None else row.remark,
        "audit_head": audit_head,
    }
    for step in ("drafted", "reviewed", "signed", "issued"):
        at = None if row is None else getattr(row, step)
        by = "" if row is None else getattr(row, f"{step}_by")
        told[step] = "" if at is None else moment(desk, at)
        told[f"{step}_by"] = known.get(by, by)
    return told


def people(row: Any) -> list[str]:
    """Whoever took a step of a report."""
    if row is None:
        return []
    return [row.drafted_by, row.reviewed_by, row.signed_by, row.issued_by]


def has_above(connection: Connection, grid: str) -> bool:
    """Whether a grid has a centre above it, to which its measures go."""
    line = lineage(connection, grid)[1:]
    query = select(CENTRE.c.code).where(CENTRE.c.grid.in_(line), CENTRE.c.in_service)
    return connection.execute(query.limit(1)).first() is not None
