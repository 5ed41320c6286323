"""Feeds whose upstream pushes: turn what was sent into a page, and note how the feed does."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from backend.feeds import asides, health, hj212
from backend.feeds.record import Page
from backend.feeds.registry import city_parameters, feed_row, prepare
from backend.store.engine import Store

ADAPTERS: Final = frozenset({"hj212"})
"""The adapters that can read a pushed body."""


def page(store: Store, options: str, body: bytes, now: int) -> Page:
    """What a pushed body of HJ 212 frames holds; never raises for anything that an instrument sends.

    Raises:
        OptionsError: the feed's own settings are off.
    """
    with store.read() as connection:
        parameters = city_parameters(connection)
    settings = prepare("hj212", options, parameters).options
    assert isinstance(settings, hj212.Hj212Options)
    return asides.bounded(hj212.page(body, settings, now))


def note(
    store: Store,
    feed_id: int,
    taken: Page,
    now: int,
    *,
    revised: int = 0,
    unchanged: int = 0,
    aside: int | None = None,
) -> None:
    """Write a push into the feed's health: when it came, how much it held, how much of it was put aside.

    Args:
        revised: readings of it whose value was another one before.
        unchanged: readings of it that the store held already.
        aside: what was put aside of it, by ingest too.
    """
    with store.bulk() as connection:
        feed = feed_row(connection, feed_id)
        if feed is None:
            return
        before = health.read(connection, feed_id) or replace(health.NONE, next_at=now)
        # A device with a wrong clock must not make the feed look fresher than it is.
        starts = [record.start for record in taken.records if record.start <= now]
        known = [at for at in (before.newest, max(starts, default=None)) if at is not None]
        newest = max(known, default=None)
        after = replace(
            before,
            state=health.state_of(feed, 0, newest, now),
            polled_at=now,
            ok_at=now if taken.records else before.ok_at,
            newest=newest,
            failures=0,
            error="",
            error_args="",
            polls=before.polls + 1,
            records=before.records + len(taken.records),
            revised=before.revised + revised,
            unchanged=before.unchanged + unchanged,
            asides=before.asides + (len(taken.asides) if aside is None else aside),
        )
        health.write(connection, feed_id, after)
