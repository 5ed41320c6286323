"""Vehicles that pass remote-sensing sets 机动车遥感监测, as JSON or CSV over HTTP: one row a vehicle.

Platforms of HJ 845-2017 sets hand out records of the same fields under names of their own: the usual ones are known
(``data/passages.toml``), others are named by the feed. Asking, paging and what may be wrong inside a 200 are those of
`backend.feeds.mapped`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backend.feeds.adapter import Declares, Upstream
from backend.feeds.mapped import ask_all
from backend.feeds.mapped.options import (
    Paging,
    Request,
    read_answer,
    read_csv,
    read_encoding,
    read_instants,
    read_paging,
    read_request,
)
from backend.feeds.options import Table
from backend.feeds.passages.reading import FORMATS, Shape, decode, known_fields, with_own
from backend.feeds.record import Page
from backend.feeds.session import Session
from backend.feeds.units import Parameters

__all__ = ["ADAPTER", "PassageOptions", "Passages"]


@dataclass(frozen=True)
class PassageOptions:
    """All of it."""

    shape: Shape
    request: Request
    paging: Paging


class Passages:
    """The adapter ``passages``; its settings are described in the formats page."""

    # A set's records come minutes to hours late, and at night no vehicle may pass for hours.
    declares = Declares(
        speaks="JSON, CSV (HJ 845-2017 records)",
        label="instant",
        zone="options",
        units="ppm, %",
        every=300,
        overlap=21_600,
        stale_after=43_200,
    )

    def read(self, table: Table, parameters: Parameters, /) -> PassageOptions:
        """See `backend.feeds.adapter.Adapter.read`."""
        form = table.choice("format", FORMATS)
        encoding = read_encoding(table)
        time, query = read_instants(table, parameters.zone)
        rows = table.string("rows", "")
        if form == "csv" and rows:
            table.fault("rows", "feed.option.only", key="rows", kind="json")
        shape = Shape(
            form, time, _fields(table), encoding, rows, read_csv(table, encoding), read_answer(table)
        )
        return PassageOptions(shape, read_request(table, query), read_paging(table, form))

    def pages(self, upstream: Upstream, options: PassageOptions, session: Session, /) -> Iterator[Page]:
        """See `backend.feeds.adapter.Adapter.pages`."""
        yield from ask_all(
            upstream.url,
            options.request,
            options.paging,
            session,
            lambda body: decode(body, options.shape, session.now),
        )


ADAPTER = Passages()


def _fields(table: Table) -> Mapping[str, Sequence[str]]:
    """``[fields]``: the upstream's own names, before the known ones."""
    inner = table.table("fields")
    named = {name: inner.string(name, "") for name in known_fields()}
    inner.finish()
    return with_own({name: own for name, own in named.items() if own})
