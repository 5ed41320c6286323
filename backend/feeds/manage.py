"""Add, list, switch and remove feeds (those of a city pack come with the pack)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, insert, select, update

from backend.feeds import health, marks
from backend.feeds.fault import OptionFault, OptionsError
from backend.feeds.health import Health
from backend.feeds.http import host_of
from backend.feeds.options import Table, line_of
from backend.feeds.registry import FeedRow, adapter, city_parameters, prepare
from backend.feeds.tables import Aside, Feed, FeedHealth
from backend.feeds.units import Parameters
from backend.store.engine import Store
from backend.store.model import table
from backend.text import clean
from backend.words import Message, Outcome

_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class FeedSpec:
    """A feed as someone wants it. ``options`` is TOML, kept as it was written."""

    code: str
    adapter: str
    url: str = ""
    name: str = ""
    options: str = ""
    every: int | None = None
    """Seconds between polls; what the adapter declares where None. Likewise the next two."""
    overlap: int | None = None
    stale_after: int | None = None
    enabled: bool = True
    secret: str = ""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed with its health, as a list shows it."""

    feed: FeedRow
    health: Health


def read_spec(text: str) -> FeedSpec:
    """A feed from a TOML file: ``[feed]`` says what and where, the rest is the adapter's settings.

    Raises:
        OptionsError: ``[feed]`` has faults (the adapter's settings are read by `check`).
    """
    whole, spec = _parse(text)
    whole.check()
    return spec


def examine(
    text: str, parameters: Parameters, *, code: str = "", url: str = ""
) -> tuple[FeedSpec, list[OptionFault]]:
    """A feed from a TOML file with everything that is wrong with it, in the order of its lines.

    Args:
        code: another code than the file's.
        url: another address than the file's.

    Raises:
        OptionsError: the text is no TOML.
    """
    whole, spec = _parse(text)
    spec = replace(spec, code=code or spec.code, url=url or spec.url)
    told = {fault.where for fault in whole.faults}
    faults = whole.faults + [
        replace(fault, line=fault.line or line_of(text, fault.where.rpartition(" ")[2]))
        for fault in check(spec, parameters)
        # What is missing in [feed] need not be called ill-formed too.
        if fault.where.replace("[feed] ", "feed.") not in told and f"feed.{fault.where}" not in told
    ]
    return spec, sorted(faults, key=lambda fault: fault.line)


def _parse(text: str) -> tuple[Table, FeedSpec]:
    whole = Table.parse(text)
    if not whole.has("feed"):
        whole.fault("feed", "feed.option.missing", key="[feed]")
    inner = whole.table("feed")
    spec = FeedSpec(
        code=inner.string("code"),
        adapter=inner.string("adapter"),
        url=inner.string("url", ""),
        name=inner.string("name", ""),
        options=text,
        every=_seconds(inner, "every"),
        overlap=_seconds(inner, "overlap"),
        stale_after=_seconds(inner, "stale_after"),
        enabled=inner.switch("enabled", True),
        secret=inner.string("secret", ""),
    )
    inner.finish()
    return whole, spec


def _seconds(inner: Table, key: str) -> int | None:
    """A span of time, None where it is left out or wrong."""
    known = len(inner.faults)
    value = inner.whole(key, high=366 * 86_400) if inner.has(key) else None
    return value if len(inner.faults) == known else None


def check(spec: FeedSpec, parameters: Parameters) -> list[OptionFault]:
    """Everything that is wrong with a feed's settings, nothing where it can be polled."""
    faults: list[OptionFault] = []
    if not _CODE.fullmatch(spec.code):
        faults.append(
            OptionFault("[feed] code", Message("feed.code.form", {"code": clean(spec.code, limit=60)}))
        )
    prepared = None
    try:
        prepared = prepare(spec.adapter, spec.options, parameters)
    except OptionsError as error:
        faults += error.faults
    speaks = adapter(spec.adapter)
    every = spec.every if spec.every is not None else speaks.declares.every if speaks else 0
    url = spec.url.replace("{since}", "").replace("{until}", "")
    if every and not host_of(url):
        faults.append(
            OptionFault("[feed] url", Message("feed.url.form", {"url": clean(spec.url, limit=100)}))
        )
    if "@" in url.partition("//")[2].partition("/")[0]:
        faults.append(OptionFault("[feed] url", Message("feed.url.key", {})))
    if prepared is None:
        return faults
    if (prepared.auth.header or prepared.auth.query) and not spec.secret:
        faults.append(OptionFault("[feed] secret", Message("feed.secret.unnamed", {})))
    if spec.secret and not (prepared.auth.header or prepared.auth.query):
        faults.append(
            OptionFault("auth", Message("feed.secret.unused", {"name": clean(spec.secret, limit=60)}))
        )
    return faults


def add(store: Store, spec: FeedSpec, now: int) -> Outcome:
    """Add a feed; due at once. Its settings must be without fault (`check` gives all) and its code new."""
    with store.write() as connection:
        faults = check(spec, city_parameters(connection))
        if faults:
            return Outcome(False, faults[0].message, {"faults": len(faults), "line": faults[0].line})
        if _number(connection, spec.code) is not None:
            return Outcome.refused("feed.add.exists", code=spec.code)
        number = _insert(connection, spec)
        health.begin(connection, number, now, enabled=spec.enabled)
    return Outcome(True, Message("feed.added", {"code": spec.code}), {"feed": number})


def list_feeds(connection: Connection) -> list[FeedLine]:
    """All feeds with their health, by code."""
    feeds, rows = table(Feed).c, table(FeedHealth)
    split = len(FeedRow.__slots__)
    found = connection.execute(
        select(*(feeds[name] for name in FeedRow.__slots__), *(rows.c[name] for name in Health.__slots__))
        .join_from(table(Feed), rows, rows.c.feed == feeds.id, isouter=True)
        .order_by(feeds.code)
    ).all()
    lines = []
    for row in found:
        known = row[split] is not None
        lines.append(FeedLine(FeedRow(*row[:split]), Health(*row[split:]) if known else health.NONE))
    return lines


def switch(store: Store, code: str, on: bool, now: int) -> Outcome:
    """Switch a feed on (due at once, its failures forgotten) or off."""
    with store.write() as connection:
        number = _number(connection, code)
        if number is None:
            return Outcome.refused("feed.unknown", feed=code)
        _switch(connection, number, on, now)
    return Outcome.done("feed.enabled" if on else "feed.disabled", code=code)


def enable(store: Store, code: str, now: int) -> Outcome:
    """`switch` on."""
    return switch(store, code, True, now)


def disable(store: Store, code: str, now: int) -> Outcome:
    """`switch` off."""
    return switch(store, code, False, now)


def remove(store: Store, code: str) -> Outcome:
    """Remove a feed with its health, watermarks and put-aside records. Its readings stay."""
    with store.write() as connection:
        number = _number(connection, code)
        if number is None:
            return Outcome.refused("feed.unknown", feed=code)
        marks.forget(connection, number)
        for model in (FeedHealth, Aside):
            connection.execute(delete(table(model)).where(table(model).c.feed == number))
        connection.execute(delete(table(Feed)).where(table(Feed).c.id == number))
    return Outcome.done("feed.removed", code=code)


def again(store: Store, code: str, now: int) -> Outcome:
    """Have a feed polled at the next occasion, reading everything anew."""
    with store.write() as connection:
        number = _number(connection, code)
        if number is None:
            return Outcome.refused("feed.unknown", feed=code)
        marks.forget_answers(connection, number)
        rows = table(FeedHealth)
        connection.execute(update(rows).where(rows.c.feed == number).values(next_at=now))
    return Outcome.done("feed.again", code=code)


def _number(connection: Connection, code: str) -> int | None:
    rows = table(Feed).c
    found = connection.execute(select(rows.id).where(rows.code == code)).scalar()
    return None if found is None else int(found)


def _values(spec: FeedSpec) -> dict[str, str | int | bool]:
    declared = adapter(spec.adapter)
    assert declared is not None
    declares = declared.declares
    filled = replace(
        spec,
        every=declares.every if spec.every is None else spec.every,
        overlap=declares.overlap if spec.overlap is None else spec.overlap,
        stale_after=declares.stale_after if spec.stale_after is None else spec.stale_after,
    )
    return {name: getattr(filled, name) for name in FeedSpec.__dataclass_fields__}


def _insert(connection: Connection, spec: FeedSpec) -> int:
    row = {**_values(spec), "from_pack": False}
    number = connection.execute(insert(table(Feed)).values(row).returning(table(Feed).c.id)).scalar_one()
    return int(number)


def _switch(connection: Connection, number: int, on: bool, now: int) -> None:
    connection.execute(update(table(Feed)).where(table(Feed).c.id == number).values(enabled=on))
    health.begin(connection, number, now, enabled=on)
    values: dict[str, str | int] = {"state": "new", "next_at": now, "failures": 0} if on else {"state": "off"}
    rows = table(FeedHealth)
    connection.execute(update(rows).where(rows.c.feed == number).values(values))
