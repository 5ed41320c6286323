"""Which templates there are, what each may name, and where a city's own come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from sqlalchemy import Connection, select

from backend.city.tables import CityFact
from backend.reports.template import Names, Template, TemplateError, Values, compiled, markdown, plain
from backend.store import table
from backend.words import Message

FACT = table(CityFact)
KEY: Final = "template:"
"""Begins the name of the fact that holds a city's own template."""
FORMATS: Final = ("md", "txt")
LANGUAGES: Final = ("zh", "en")


def _names(values: str, **rows: str) -> Names:
    found: dict[str, Mapping[str, None] | None] = dict.fromkeys(values.split())
    found.update({name: dict.fromkeys(fields.split()) for name, fields in rows.items()})
    return found


REPORTS: Final[Mapping[str, Names]] = {
    "shift": _names(
        "title centre since until people acts tasks_opened tasks_closed alarms calls printed printed_by",
        entries="at who what",
    ),
    "daily": _names(
        "title centre since until day version state reason remark drafted drafted_by reviewed reviewed_by signed "
        "signed_by issued issued_by audit_head expected sent missing_count opened closed open overdue breaches reworks "
        "alarms alarms_critical alarms_acknowledged floods complaints replied air_index air_level air_primary air_rank "
        "air_of air_best air_worst pm25 pm10 o3 no2 so2 co",
        missing="name phone",
        measures="name count unit",
        contributions="name at by text",
        types="name opened closed open overdue",
        results="name count",
        alarm_rules="name count critical",
        orders="title scope span since until due by",
        tasks="task what place state holder priority due late",
        air="name index level pm25 pm10 o3",
    ),
    "sheet": _names(
        "code task title type priority state place position what holder phone centre centre_phone contact "
        "accept_by arrive_by report_by printed printed_by",
        lead="line",
        co="line",
        signals="line",
        told="line",
        orders="line",
        evidence="line",
        results="line",
    ),
}
"""What the templates of each report may name."""
ONLY_TEXT: Final = frozenset({"sheet"})
"""Reports that are printed and have no Markdown."""


def known_files() -> list[str]:
    """The names of all templates, as a pack's folder may hold them."""
    return [
        f"{name}.{language}.{kind}"
        for name in REPORTS
        for language in LANGUAGES
        for kind in FORMATS
        if kind == "txt" or name not in ONLY_TEXT
    ]


@lru_cache(maxsize=16)
def default_text(name: str) -> str:
    """The product's own template."""
    return files("backend.reports").joinpath(f"data/templates/{name}").read_text(encoding="utf-8")


def text_of(connection: Connection, name: str) -> str:
    """A template as it holds now: the city's own, else the product's.

    Args:
        name: such as ``daily.zh.md``.
    """
    own = connection.execute(select(FACT.c.value).where(FACT.c.key == KEY + name)).scalar_one_or_none()
    return own or default_text(name)


@lru_cache(maxsize=32)
def read(name: str, text: str) -> Template:
    """A checked template.

    Raises:
        TemplateError: with every fault and its line.
    """
    return compiled(text, REPORTS[name.partition(".")[0]])


def filled(name: str, text: str, values: Values) -> str:
    """A report's text by a template."""
    return read(name, text).fill(values, markdown if name.endswith(".md") else plain)


def faults_of(name: str, text: str) -> Iterator[tuple[int, Message]]:
    """Everything that is wrong with a template, by line."""
    if name not in known_files():
        yield 0, Message("report.template.file", {"name": name, "known": ", ".join(known_files())})
        return
    try:
        read(name, text)
    except TemplateError as error:
        for fault in error.faults:
            yield fault.line, fault.message
