"""The checks that look at a value beside others of its station: flat line 恒值 and inversion 倒挂.

They see what is stored as well as the batch, so that it makes no difference in which pages, and in which order, an
upstream hands its hours over. What they find out about readings that are stored already comes back as marks for the
change log. A batch of one hour costs one look at the hour before; only values that repeat are looked into further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.quality.checks import Inversion, Limits
from backend.quality.reasons import EARLY, FLAT, FUTURE, INVERSION, flag_of, with_code, without_code
from backend.standards.flags import Flag
from backend.store.readings import PERSON, Key, ReadingRow, Row, exactly, near, values_near

_USABLE = frozenset({int(Flag.GOOD), int(Flag.UNKNOWN), int(Flag.SUSPECT)})
"""Flags with which a value can still repeat, or be compared; a value that is missing is never of these."""


def _usable(row: Row) -> bool:
    """Whether a stored value can repeat or be compared; one that a person took out still was what was measured."""
    return not row[5] and (row[6] in _USABLE or (row[4] is not None and PERSON in row[7]))


@dataclass(frozen=True, slots=True)
class SeriesRules:
    """What to look for, by the numbers of the city's parameters."""

    limits: Mapping[tuple[int, int], Limits]
    """By (parameter, period)."""
    inversions: tuple[tuple[int, int, Inversion], ...]
    """(part, whole, rule)."""


@dataclass(slots=True)
class Marks:
    """What the checks found."""

    rows: Sequence[Row] = ()
    """The batch, with the flags it is to be stored with."""
    before: Mapping[Key, ReadingRow] = field(default_factory=dict)
    """What is stored under the batch's keys already."""
    amended: dict[Key, tuple[int, str]] = field(default_factory=dict)
    """Flag and reason of readings that are stored already and look different now."""


def assess(connection: Connection, batch: Sequence[Row], rules: SeriesRules) -> Marks:
    """Look at a batch (one row for each key) beside what is stored."""
    return _Look(connection, batch, rules).run() if batch else Marks()


class _Look:
    """One batch with its surroundings."""

    def __init__(self, connection: Connection, batch: Sequence[Row], rules: SeriesRules) -> None:
        self.connection = connection
        self.rules = rules
        self.batch = batch
        self.mine: dict[Key, Row] = {row[:4]: row for row in batch}
        self.before: dict[Key, ReadingRow] = {}
        """What is stored under the batch's own keys."""
        self.ahead = False
        """Whether anything is known of what came after the batch's first period."""
        self.asked: set[Key] = set()
        self.values: dict[Key, float | None] = {}
        """The values that hold and could repeat, of the batch and of what is known around it."""
        self.codes: dict[Key, set[str]] = {}
        self.lifted: dict[Key, set[str]] = {}

    def run(self) -> Marks:
        self._surroundings()
        self._flat()
        self._inverted()
        if self.before:
            self._lift()
        marks = Marks(rows=[self._marked(row) for row in self.batch] if self.codes else self.batch)
        marks.before = self.before
        for key, held in self._spoken_of().items():
            row = self.mine.get(key)
            # A row of the batch carries its own codes; only what it can't say, that a stored code no longer
            # holds, is an amendment.
            if row is None or (key in self.lifted and row[4] == held.value):
                self._amend(marks, key, held)
        return marks

    def _spoken_of(self) -> dict[Key, ReadingRow]:
        """What is stored of the keys that a check has something to say of."""
        keys = {*self.codes, *self.lifted}
        found = {key: row for key, row in self.before.items() if key in keys}
        others = [key for key in keys if key not in found and key not in self.mine]
        found.update({row[:4]: ReadingRow(*row) for row in exactly(self.connection, sorted(others))})
        return found

    def _marked(self, row: Row) -> Row:
        codes = self.codes.get(row[:4])
        if codes is None:
            return row
        reason = row[7]
        for code in sorted(codes):
            reason = with_code(reason, code)
        return (*row[:6], int(flag_of(reason) or row[6]), reason, *row[8:])

    def _amend(self, marks: Marks, key: Key, held: ReadingRow) -> None:
        reason = held.reason
        for code in sorted(self.lifted.get(key, set()) - self.codes.get(key, set())):
            reason = without_code(reason, code)
        for code in sorted(self.codes.get(key, set())):
            reason = with_code(reason, code)
        flag = flag_of(reason)
        if reason != held.reason and flag is not None:
            marks.amended[key] = (int(flag), reason)

    def _surroundings(self) -> None:
        """One look at the starts of the batch and their neighbours."""
        own = {(row[0], row[3]) for row in self.batch}
        here = {start for start, _ in own}
        beside = {start + step for start, period in own for step in (-period, period)} - here
        stations = [row[1] for row in self.batch]
        low, high = min(stations), max(stations)
        mine, values = self.mine, self.values
        beyond = values_near(self.connection, sorted(beside), low, high)
        values.update({(a, b, c, d): value for a, b, c, d, value in beyond})
        # A start of the batch is seldom stored already.
        for row in near(self.connection, sorted(here), low, high):
            key = row[:4]
            if key in mine:
                self.before[key] = ReadingRow(*row)
            elif _usable(row):
                values[key] = row[4]
        values.update({key: row[4] for key, row in mine.items() if row[6] in _USABLE and not row[5]})
        oldest = self.batch[0][0]
        self.ahead = len(here) > 1 or any(row[0] > oldest for row in beyond)

    def _fetch(self, keys: Iterable[Key]) -> None:
        wanted = {
            key for key in keys if key not in self.values and key not in self.asked and key not in self.mine
        }
        if wanted:
            self.asked |= wanted
            found = exactly(self.connection, sorted(wanted))
            self.values.update({row[:4]: row[4] for row in found if _usable(row)})

    def _flat(self) -> None:
        """Find the values that repeat, then those that repeat for long enough, then their whole runs."""
        probes: list[tuple[Key, int, bool]] = []
        limits, values = self.rules.limits, self.values
        for key, row in self.mine.items():
            value = row[4]
            start, station, parameter, period = key
            limit = limits.get((parameter, period))
            if limit is None or value is None or not limit.flat or value <= limit.flat_floor:
                continue
            follows = values.get((start - period, station, parameter, period)) == value
            leads = self.ahead and values.get((start + period, station, parameter, period)) == value
            if (follows or leads) and key in values:
                probes.append((key, limit.flat, leads))
        self._fetch(_behind(key, length - 1) for key, length, leads in probes if not leads)
        hopeful = [
            (key, length)
            for key, length, leads in probes
            if leads or values.get(_behind(key, length - 1)) == values[key]
        ]
        self._fetch(
            _behind(key, step) for key, length in hopeful for step in range(1 - length, length) if step
        )
        for key, length in hopeful:
            run = self._run(key)
            if len(run) >= length:
                for one in run:
                    self.codes.setdefault(one, set()).add(FLAT)

    def _run(self, key: Key) -> list[Key]:
        """The unbroken run of equal values around a key, as far as it is known."""
        value = self.values[key]
        run = [key]
        for step in (1, -1):
            at = _behind(key, step)
            while value is not None and self.values.get(at) == value:
                run.append(at)
                at = _behind(at, step)
        return run

    def _inverted(self) -> None:
        for part, whole, rule in self.rules.inversions:
            both = (part, whole)
            for row in self.batch:
                if row[2] not in both:
                    continue
                start, station, parameter, period = row[:4]
                if parameter == whole and (start, station, part, period) in self.mine:
                    continue
                keys = ((start, station, part, period), (start, station, whole, period))
                values = self.values.get(keys[0]), self.values.get(keys[1])
                if values[0] is None or values[1] is None:
                    continue
                if rule.broken(values[0], values[1]):
                    for key in keys:
                        self.codes.setdefault(key, set()).add(INVERSION)
                elif any(key not in self.mine or key in self.before for key in keys):
                    for key in keys:
                        self._lift_code(key, INVERSION)

    def _lift(self) -> None:
        """Take back what no longer holds of readings that come again.

        Where a value was revised out of a flat line, what is left on either side may be none any more; and a
        period that was still to come has begun.
        """
        for key, old in self.before.items():
            if old.reason and old.value == self.mine[key][4]:
                for code in {FUTURE, EARLY}.intersection(old.reason.split()):
                    if code not in self.mine[key][7].split():
                        self._lift_code(key, code)
            limit = self.rules.limits.get((old.parameter, old.period))
            if FLAT not in old.reason.split() or limit is None or not limit.flat:
                continue
            if old.value == self.mine[key][4]:
                self._lift_code(key, FLAT)
                continue
            for direction in (1, -1):
                self._fetch(_behind(key, direction * step) for step in range(1, limit.flat + 1))
                run = self._side(key, old.value, direction, limit.flat)
                if len(run) < limit.flat:
                    for one in run:
                        self._lift_code(one, FLAT)

    def _side(self, key: Key, value: float | None, direction: int, longest: int) -> list[Key]:
        run: list[Key] = []
        at = _behind(key, direction)
        while len(run) < longest and value is not None and self.values.get(at) == value:
            run.append(at)
            at = _behind(at, direction)
        return run

    def _lift_code(self, key: Key, code: str) -> None:
        """A code that may be stored with a key does not hold any more."""
        if code not in self.codes.get(key, ()):
            self.lifted.setdefault(key, set()).add(code)


def _behind(key: Key, steps: int) -> Key:
    start, station, parameter, period = key
    return start - steps * period, station, parameter, period
