"""The straightforward reference of clocks and escalation: it counts minute by minute and knows no instant but now.

Written from workflow.md's rules and not from the product's code: a clock is so many minutes used, a share of its target
is crossed when they are, and the next sweep takes what was crossed, in order. Plain; all times are whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = 60
STEPS = {
    "TRIAGE": (50, 100),
    "DISPATCH": (50, 80, 100),
    "ACCEPT": (50, 80, 100, 200),
    "ARRIVE": (100,),
    "DISPOSE": (50, 100),
    "VERIFY": (80, 100),
    "OFFER": (50,),
    "LEVEL_ACK": (80, 100),
    "TOTAL": (100,),
}
"""The shares at which something is done; at 100 and 200 a task rises, but for TOTAL, which only warns."""
CLOCK_OF = {
    "DRAFT": "TRIAGE", "OPEN": "DISPATCH", "RETURNED": "DISPATCH", "DISPATCHED": "ACCEPT", "ACCEPTED": "ARRIVE",
    "ON_SITE": "DISPOSE", "REWORK": "DISPOSE", "REPORTED": "VERIFY",
}  # fmt: skip
TIERS = ("T", "C", "M")
PRIORITIES = {"high": 1, "low": 3}
MINUTES = {
    "TRIAGE": 20, "DISPATCH": 10, "ACCEPT": 10, "ARRIVE": 40, "DISPOSE": 120, "VERIFY": 30, "OFFER": 20, "TOTAL": 600,
    "LEVEL_ACK": 10,
}  # fmt: skip
"""Targets of a high priority in the first policy; a low one has three times, a later policy ``factor`` times that."""


NOBODY = "nobody"
"""The cause of a task that nobody could be sent to; it rises, at no share of any clock."""


def policy_text(factor: int) -> str:
    """The policy that this reference knows: targets in minutes, DISPOSE by office hours, causes nobody and standing."""
    lines = ['[[calendar]]\nname = "days"']
    lines += [f'{day} = ["08:00-12:00", "13:00-18:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat")]
    for clock, minutes in MINUTES.items():
        for level in ("C", "M") if clock == "LEVEL_ACK" else ("",):
            named = f'\nlevel = "{level}"' if level else ""
            by = "\n".join(
                f'{name} = "{minutes * factor * PRIORITIES.get(name, 1)}m"'
                for name in ("critical", "high", "medium", "low")
            )
            calendar = '\ncalendar = "days"' if clock == "DISPOSE" else ""
            lines.append(f'[[target]]\nclock = "{clock}"{named}\n{by}{calendar}')
    for clock, shares in STEPS.items():
        for share in shares:
            do = "escalate" if share >= 100 and clock != "TOTAL" else "remind"
            lines.append(f'[[step]]\nclocks = ["{clock}"]\nat = {share}\ndo = "{do}"\nnotify = ["holder"]')
    lines.append('[[step]]\ncause = "nobody"\ndo = "escalate"\nnotify = ["level"]')
    lines.append('[[step]]\ncause = "standing"\nevery = "300d"\ndo = "remind"\nnotify = ["level"]')
    return "\n\n".join(lines)


def open_at(at: int) -> bool:
    """Whether the office of the calendar ``days`` is open in the minute that begins at ``at``."""
    local = datetime.fromtimestamp(at, ZONE)
    return local.weekday() < 6 and (8 <= local.hour < 12 or 13 <= local.hour < 18)


def manned(at: int) -> bool:
    """Whether the township's duty room, and nobody else, is on duty: from 8 to 22."""
    return 8 <= datetime.fromtimestamp(at, ZONE).hour < 22


@dataclass
class RefClock:
    """One clock: minutes used of its target."""

    kind: str
    number: int
    """Which of its kind."""
    target: int
    used: int = 0
    standing_still: bool = False
    told: frozenset[int] = frozenset()
    """Shares that were told of while the clock had another target."""
    lonely: bool = False
    """Whether there was once nobody to send while it ran for a task without a holder."""
    full_at: int | None = None
    """When its target was used up: in time at that instant, missed at any later one, be the office closed or not."""


@dataclass
class RefTask:
    """One task: its state, its level, its clocks, and what was crossed since the last sweep."""

    priority: str
    factor: int
    now: int
    state: str = "DRAFT"
    prior: str = ""
    level: str = "T"
    clocks: list[RefClock] = field(default_factory=list)
    crossed: list[tuple[int, int, str, RefClock]] = field(default_factory=list)
    """When, at which share, of which clock; not yet swept."""
    taken: set[tuple[str, int, int]] = field(default_factory=set)
    """Kind, which of its kind, share."""
    missed: set[str] = field(default_factory=set)
    begun: dict[str, int] = field(default_factory=dict)

    def minutes(self, kind: str) -> int:
        """The target of a clock that begins now."""
        return MINUTES[kind] * self.factor * PRIORITIES[self.priority]

    def begin(self, kind: str, target: int | None = None, used: int = 0) -> None:
        """Begin a clock, or one more of its kind with what was used up."""
        number = self.begun.get(kind, 0)
        self.begun[kind] = number + 1
        clock = RefClock(kind, number, self.minutes(kind) if target is None else target, used)
        clock.full_at = self.now if used >= clock.target else None
        self.clocks.append(clock)
        for share in STEPS[kind]:
            if used * 100 >= clock.target * share:
                self.crossed.append((self.now + (share >= 100), share, kind, clock))
        self.is_anybody_there(clock)

    def is_anybody_there(self, clock: RefClock) -> None:
        """Nobody to send is told once for each clock of a task that waits for somebody to be sent."""
        waits = clock.kind == "DISPATCH" and self.state in ("OPEN", "RETURNED")
        if waits and not clock.lonely and not manned(self.now):
            clock.lonely = True
            self.crossed.append((self.now, 0, NOBODY, clock))

    def end(self, clock: RefClock) -> None:
        """End a clock; what it crossed and no sweep saw is nobody's business any more."""
        self.clocks.remove(clock)
        self.crossed = [one for one in self.crossed if one[3] is not clock]

    def find(self, kind: str) -> RefClock | None:
        """The clock of a kind that has not ended."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)

    def stage(self, kind: str, target: int | None = None) -> None:
        """End the stage before and begin the next."""
        self.end_stages()
        self.begin(kind, target)

    def end_stages(self) -> None:
        """End every clock but TOTAL and LEVEL_ACK."""
        for clock in [one for one in self.clocks if one.kind not in ("TOTAL", "LEVEL_ACK")]:
            self.end(clock)

    def stand_still(self, still: bool) -> None:
        """Let the stage's clock stand still, or run on."""
        for clock in self.clocks:
            if clock.kind not in ("TOTAL", "LEVEL_ACK"):
                clock.standing_still = still

    def retarget(self, clock: RefClock, target: int) -> None:
        """Another target: the clock ends and another of its kind begins with what was used up."""
        still, used = clock.standing_still, clock.used
        self.end(clock)
        self.begin(clock.kind, target, used)
        fresh = self.clocks[-1]
        fresh.standing_still = still
        fresh.told = clock.told | {
            s for k, number, s in self.taken if (k, number) == (clock.kind, clock.number)
        }
        # What was told once is not told again because the same clock goes on with another target.
        self.crossed = [
            one for one in self.crossed if one[3] is not fresh or not (still or one[1] in fresh.told)
        ]

    def note_misses(self) -> None:
        """An act notes every clock that has run out by now: a fact from then on."""
        self.missed |= {
            clock.kind for clock in self.clocks if clock.full_at is not None and clock.full_at < self.now
        }

    def rise(self, level: str = "") -> None:
        """One level up, or to the one named; the upper tier is asked anew."""
        self.level = level or TIERS[min(TIERS.index(self.level) + 1, 2)]
        self.answered()
        self.begin("LEVEL_ACK")

    def answered(self) -> None:
        """Somebody of the accountable tier has answered."""
        clock = self.find("LEVEL_ACK")
        if clock is not None:
            self.end(clock)

    def minute(self) -> None:
        """One minute passes."""
        begins, self.now = self.now, self.now + MINUTE
        for clock in self.clocks:
            self.is_anybody_there(clock)
            if clock.standing_still or (clock.kind == "DISPOSE" and not open_at(begins)):
                continue
            clock.used += 1
            if clock.used == clock.target:
                clock.full_at = self.now
            for share in STEPS[clock.kind]:
                if clock.used * 100 >= clock.target * share > (clock.used - 1) * 100:
                    self.crossed.append((self.now + (share >= 100), share, clock.kind, clock))

    def sweep(self) -> None:
        """Take what was crossed, in order; what rises on the way asks the next tier from now on."""
        while True:
            ready = [one for one in self.crossed if one[0] <= self.now and not one[3].standing_still]
            if not ready:
                return
            one = min(ready, key=lambda each: (each[0], each[1]))
            self.crossed.remove(one)
            _, share, kind, clock = one
            self.taken.add((kind, clock.number, share))
            if share >= 100:
                self.missed.add(kind)
            if share >= 100 or kind == NOBODY:
                self.note_misses()
                if kind != "TOTAL" and self.level != "M":
                    self.rise()
