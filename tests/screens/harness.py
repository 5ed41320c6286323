"""A small console over made-up rows, to try the frame and the widgets by hand and in tests.

.venv/bin/python -m tests.screens.harness [rows] [--lang en] [--theme light]
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from backend.clock import Clock, ManualClock, SystemClock
from backend.words import Message, Outcome
from backend.words.say import Language
from console.wiring import Wiring, wire
from screens.facts import Facts
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk

NOW = 1_793_692_800
"""2026-11-03 16:00 in Heze."""
PEOPLE = (("S1", "李敏"), ("S2", "王芳"))
PLACES = ("牡丹区南城街道", "定陶区马集镇", "曹县庄寨镇", "单县郭村镇", "郓城县随官屯镇", "鄄城县彭楼镇")
KINDS = ("国控站", "乡镇站", "扬尘点", "水断面", "工地扬尘")
LEVELS = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Item:
    """A made-up row."""

    id: int
    place: str
    kind: str
    level: str
    value: float | None
    since: int


@dataclass
class FakeDesk:
    """As much of a desk as the frame needs, in memory."""

    rows: list[Item]
    clock: Clock
    facts: Facts = field(default_factory=Facts)
    zone: ZoneInfo = ZoneInfo("Asia/Shanghai")  # noqa: RUF009
    memory: dict[str, str] = field(default_factory=dict)
    changes: int = 0
    failure: Message | None = None
    closed: bool = False
    acts: list[tuple[str, Hashable]] = field(default_factory=list)

    def put(self, item: Item) -> None:
        """Add a row, or put another in the place of the one with its id."""
        for place, old in enumerate(self.rows):
            if old.id == item.id:
                self.rows[place] = item
                break
        else:
            self.rows.insert(0, item)
        self.changes += 1

    def act(self, name: str, key: Hashable) -> Outcome:
        """Note an act."""
        self.acts.append((name, key))
        self.changes += 1
        return Outcome.done("ui.demo.done", what=name, key=str(key))


def make_rows(count: int, now: int) -> list[Item]:
    """Rows of a plausible look."""
    return [
        Item(
            id=number,
            place=f"{PLACES[number % len(PLACES)]}{number:05d}",
            kind=KINDS[number % len(KINDS)],
            level=LEVELS[(number * 7) % 13 % 4],
            value=None if number % 17 == 0 else (number * 37 % 1800) / 10,
            since=now - number * 61,
        )
        for number in range(count)
    ]


def fake_desk(count: int = 1259, *, clock: Clock | None = None, **facts: Any) -> FakeDesk:
    """A desk with rows and a header."""
    clock = clock or ManualClock(NOW)
    about = Facts(
        city="菏泽市", centre="牡丹区指挥中心", person="李敏", role="seat", replay=True, feeds="late",
        feeds_bad=1, alarms=12, critical=2, tasks=3, notices=4,
        orders=("重污染天气橙色预警 11-02 18:00 起 全市",),
    )  # fmt: skip
    return FakeDesk(make_rows(count, clock.now()), clock, replace(about, **facts))


def fake_wiring(desk: FakeDesk) -> Wiring:
    """The app's calls, answered by the fake."""

    def remember(one: Any, slot: str, body: str) -> None:
        one.memory[f"{one.facts.person}:{slot}"] = body

    def sit(one: Any, person: str) -> Any:
        name = dict(PEOPLE).get(person)
        return None if name is None else replace(one, facts=replace(one.facts, person=name))

    def close(one: Any) -> None:
        one.closed = True

    return Wiring(
        open=lambda: cast(Any, desk),
        facts=lambda one, _language: cast(Any, one).facts,
        stamp=lambda one: cast(Any, one).changes,
        load=lambda one, slot: cast(Any, one).memory.get(f"{cast(Any, one).facts.person}:{slot}"),
        save=remember,
        seat=sit,
        close=close,
        speak=lambda _one, _language: None,
        people=lambda _one: [Choice(code, name, search=code) for code, name in PEOPLE],
    )


def main(words: Sequence[str]) -> int:
    """Open it in this terminal."""
    from console.terminal import prepare

    prepare()
    from console import core
    from console.app import GridseatApp, Options
    from tests.screens.demo_screens import demo_page, demo_screen

    if words and "/" in words[0]:
        return GridseatApp(_real(words[0], words[1]), clock=ManualClock(NOW)).run(mouse=False) or 0
    options: Mapping[str, str] = dict(zip(words[1::2], words[2::2], strict=False)) if words else {}
    count = int(words[0]) if words else 1259
    core.TICK = float(options.get("--tick", core.TICK))
    language: Language = "en" if options.get("--lang") == "en" else "zh"
    app = GridseatApp(
        fake_wiring(fake_desk(count, clock=SystemClock(), critical=0 if "--quiet" in options else 2)),
        Options(language=language, theme=options.get("--theme", ""), ascii="--ascii" in words),
        screens=demo_screen,
        pages=demo_page,
    )
    return app.run(mouse=False) or 0


def _real(path: str, person: str) -> Wiring:
    def sit() -> Desk:
        from backend.desk.desk import Desk

        return Desk.open(path, person, clock=ManualClock(NOW))

    return wire(sit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
