"""Feeds in tests: a pace that never waits, an upstream made of answers, a sink that remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from backend.feeds import manage
from backend.feeds.http import Ask, Reply
from backend.feeds.manage import FeedSpec
from backend.feeds.pace import Pace
from backend.feeds.record import Page
from backend.store import Store

CSV_OPTIONS = """
format = "csv"
station = "station"
[time]
column = "time"
label = "end"
zone = "Asia/Shanghai"
[[columns]]
column = "PM2.5"
parameter = "pm25"
unit = "ug/m3"
[[columns]]
column = "CO"
parameter = "co"
unit = "mg/m3"
"""


@dataclass
class Waits:
    """A pace whose time passes only by waiting, and which remembers how long it was asked to wait."""

    slept: list[float] = field(default_factory=list)
    wall: float = 1_793_692_800.0
    dice: float = 0.5

    def pace(self) -> Pace:
        return Pace(
            sleep=self._sleep, monotonic=lambda: self.wall, wall=lambda: self.wall, dice=lambda: self.dice
        )

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.wall += seconds


Answer = Reply | Exception | Callable[[Ask], Reply]


@dataclass
class Answers:
    """A fetcher that gives prepared answers, the last one again and again."""

    answers: list[Answer]
    asked: list[Ask] = field(default_factory=list)

    def fetch(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Reply) else answer(ask)


@dataclass
class Sink:
    """Remembers the pages that it was handed."""

    pages: list[Page] = field(default_factory=list)

    def __call__(self, page: Page, feed: int, now: int) -> None:
        assert feed > 0
        assert now > 0
        self.pages.append(page)

    @property
    def values(self) -> dict[tuple[str, str, int], float | None]:
        return {
            (record.station, record.parameter, record.start): record.value
            for page in self.pages
            for record in page.records
        }


def reply(body: bytes | str = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer."""
    raw = body.encode() if isinstance(body, str) else body
    return Reply(status, dict(headers or {}), raw, "http://upstream.test/data")


def new_feed(
    store: Store, now: int, options: str = CSV_OPTIONS, adapter: str = "mapped", **rest: object
) -> int:
    """A feed in the store."""
    values: dict[str, object] = {"code": "f", "url": "http://upstream.test/data", **rest}
    outcome = manage.add(store, FeedSpec(adapter=adapter, options=options, **values), now)  # type: ignore[arg-type]
    assert outcome.ok, outcome
    number = outcome.data["feed"]
    assert isinstance(number, int)
    return number
