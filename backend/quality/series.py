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
from backend.quality.reasons import FLAT, INVERSION, flag_of, with_code, without_code
from backend.standards.flags import Flag
from backend.store.readings import Key, ReadingRow, exactly, near

Stored = tuple[float | None, str, int, str]
"""Value, qualifier, flag, reason."""
_UNUSABLE = (Flag.FAIL, Flag.MISSING)


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

    rows: list[ReadingRow] = field(default_factory=list)
    """The batch, with the flags it is to be stored with."""
    amended: dict[Key, tuple[int, str]] = field(default_factory=dict)
    """Flag and reason of readings that are stored already and look different now."""


def assess(connection: Connection, batch: Sequence[ReadingRow], rules: SeriesRules) -> Marks:
    """Look at a batch (one row for each key) beside what is stored."""
    return _Look(connection, batch, rules).run() if batch else Marks()


class _Look:
    """One batch with its surroundings."""

    def __init__(self, connection: Connection, batch: Sequence[ReadingRow], rules: SeriesRules) -> None:
        self.connection = connection
        self.rules = rules
        self.batch = batch
        self.mine: dict[Key, ReadingRow] = {row[:4]: row for row in batch}
        self.known: dict[Key, Stored | None] = {}
        self.codes: dict[Key, set[str]] = {}
        self.lifted: dict[Key, set[str]] = {}

    def run(self) -> Marks:
        self._surroundings()
        self._flat()
        self._inverted()
        self._lift()
        marks = Marks(rows=[self._marked(row) for row in self.batch] if self.codes else list(self.batch))
        for key in {*self.codes, *self.lifted}:
            held = self.known.get(key)
            row = self.mine.get(key)
            # A row of the batch carries its own codes; only what it can't say, that a stored code no longer
            # holds, is an amendment.
            if held is not None and (row is None or (key in self.lifted and row.value == held[0])):
                self._amend(marks, key, held)
        return marks

    def _marked(self, row: ReadingRow) -> ReadingRow:
        codes = self.codes.get(row[:4])
        if codes is None:
            return row
        reason = row.reason
        for code in sorted(codes):
            reason = with_code(reason, code)
        return row._replace(flag=int(flag_of(reason) or row.flag), reason=reason)

    def _amend(self, marks: Marks, key: Key, held: Stored) -> None:
        before = reason = held[3]
        for code in sorted(self.lifted.get(key, set()) - self.codes.get(key, set())):
            reason = without_code(reason, code)
        for code in sorted(self.codes.get(key, set())):
            reason = with_code(reason, code)
        flag = flag_of(reason)
        if reason != before and flag is not None:
            marks.amended[key] = (int(flag), reason)

    def _surroundings(self) -> None:
        """One look at the starts of the batch and their neighbours."""
        starts: set[int] = set()
        for start, period in {(row.start, row.period) for row in self.batch}:
            starts.update((start - period, start, start + period))
        stations = [row.station for row in self.batch]
        self.known.update(near(self.connection, sorted(starts), min(stations), max(stations)))

    def _value(self, key: Key) -> float | None:
        """The value that holds for a key, None where there is none that could repeat."""
        row = self.mine.get(key)
        if row is not None:
            return None if row.qualifier or row.flag in _UNUSABLE else row.value
        held = self.known.get(key)
        if held is None or held[1] or held[2] in _UNUSABLE:
            return None
        return held[0]

    def _fetch(self, keys: Iterable[Key]) -> None:
        wanted = [key for key in dict.fromkeys(keys) if key not in self.mine and key not in self.known]
        if wanted:
            self.known.update(dict.fromkeys(wanted))
            self.known.update(exactly(self.connection, wanted))

    def _flat(self) -> None:
        """Find the values that repeat, then those that repeat for long enough, then their whole runs."""
        probes: list[tuple[Key, int, bool]] = []
        limits, mine, known = self.rules.limits, self.mine, self.known
        for row in self.batch:
            limit = limits.get((row.parameter, row.period))
            value = row.value
            if limit is None or not limit.flat or value is None or value <= limit.flat_floor:
                continue
            start, station, parameter, period = key = row[:4]
            back, ahead = (
                (start - period, station, parameter, period),
                (
                    start + period,
                    station,
                    parameter,
                    period,
                ),
            )
            # The plain look-ups come first: nearly every value differs from its neighbours.
            near_back = mine.get(back) or known.get(back)
            near_ahead = mine.get(ahead) or known.get(ahead)
            if near_back is None and near_ahead is None:
                continue
            if self._value(key) is None:
                continue
            follows = self._value(back) == value
            leads = self._value(ahead) == value
            if follows or leads:
                probes.append((key, limit.flat, leads))
        self._fetch(_behind(key, length - 1) for key, length, leads in probes if not leads)
        hopeful = [
            (key, length)
            for key, length, leads in probes
            if leads or self._value(_behind(key, length - 1)) == self.mine[key].value
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
        value = self._value(key)
        run = [key]
        for step in (1, -1):
            at = _behind(key, step)
            while value is not None and self._value(at) == value:
                run.append(at)
                at = _behind(at, step)
        return run

    def _inverted(self) -> None:
        for part, whole, rule in self.rules.inversions:
            for row in self.batch:
                if row.parameter not in (part, whole):
                    continue
                keys = tuple((row.start, row.station, one, row.period) for one in (part, whole))
                values = [self._value(key) for key in keys]
                if values[0] is None or values[1] is None:
                    continue
                if rule.broken(values[0], values[1]):
                    for key in keys:
                        self.codes.setdefault(key, set()).add(INVERSION)
                else:
                    for key in keys:
                        self._lift_code(key, INVERSION)

    def _lift(self) -> None:
        """Where a value was revised out of a flat line, what is left on either side may be none any more."""
        for row in self.batch:
            old = self.known.get(row[:4])
            if old is None or FLAT not in old[3].split():
                continue
            if old[0] == row.value:
                self._lift_code(row[:4], FLAT)
                continue
            limit = self.rules.limits.get((row.parameter, row.period))
            if limit is None or not limit.flat:
                continue
            for direction in (1, -1):
                self._fetch(_behind(row[:4], direction * step) for step in range(1, limit.flat + 1))
                run = self._side(row[:4], old[0], direction, limit.flat)
                if len(run) < limit.flat:
                    for key in run:
                        self._lift_code(key, FLAT)

    def _side(self, key: Key, value: float | None, direction: int, longest: int) -> list[Key]:
        run: list[Key] = []
        at = _behind(key, direction)
        while len(run) < longest and value is not None and self._value(at) == value:
            run.append(at)
            at = _behind(at, direction)
        return run

    def _lift_code(self, key: Key, code: str) -> None:
        held = self.known.get(key)
        if held is not None and code in held[3].split() and code not in self.codes.get(key, ()):
            self.lifted.setdefault(key, set()).add(code)


def _behind(key: Key, steps: int) -> Key:
    start, station, parameter, period = key
    return start - steps * period, station, parameter, period
