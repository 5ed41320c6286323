"""The map of hot grids in words: the line over it, the list beside it, what lies under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from backend.text import width
from backend.words import entry
from screens import telling
from screens.columns import Cell, Column
from screens.hotspots_read import LOUD, Asked, Layer, Measure, Seen
from screens.look import MISSING, Look
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.gridmap_ink import letter
from screens.widgets.sheet import Text, flow

if TYPE_CHECKING:
    from backend.desk.alarms import Face
    from backend.desk.hotspotrows import HotGridRow, Under

HEAT_TONES = HEAT_SHAPES = {"strong": "critical", "hot": "high", "watch": "medium"}
WIDE = 44
"""Cells from which there is room for what is next to most telling."""
HOUR = 3600
LIKELY = 0.05
"""A source less probable than this is not named."""
NEAR = 3
"""Stations and sources that are told of a place; one less where it is narrow."""
FAR = 8
"""Cells of a distance."""


def heat(name: str, look: Look) -> Cell:
    """关注, 热点, 强热点 with its shape."""
    mark = shape(HEAT_SHAPES.get(name, ""), look.ascii)
    return Cell(f"{mark} {look.word(f'hotspots.heat.{name}')}", HEAT_TONES.get(name, ""))


def amount(value: float | None, decimals: int, look: Look, sign: str = "") -> str:
    """A value of the field, with so many decimals as its parameter has."""
    return MISSING if value is None or value != value else f"{sign}{look.number(value, decimals)}"


def far(metres: float, look: Look) -> str:
    """A distance in the unit in which people say it."""
    return f"{metres:.0f} m" if metres < 1000 else look.word("triage.km", km=f"{metres / 1000:.1f}")


def hour(at: int, period: int, look: Look) -> str:
    """An hour as it is spoken of: from when to when."""
    return f"{look.moment(at)}-{look.clock(at + period)}"


class Turned:
    """A row of the list with its turn on the map."""

    __slots__ = ("mapped", "row", "turn")

    def __init__(self, row: HotGridRow, turn: int, mapped: str) -> None:
        self.row, self.turn = row, turn
        self.mapped = mapped
        """The network that the map is made of: rows of another say so."""


def network(name: str, look: Look) -> str:
    """Which stations were compared with each other: air, dust, or a kind of the pack's own."""
    return entry(f"maps.network.{name}", look.language) or name


def _place(one: Turned, look: Look) -> str:
    county, name = one.row.county_name, one.row.name
    if one.row.network != one.mapped:
        return look.word("maps.of_network", network=network(one.row.network, look), name=name)
    if not county or name.startswith(county):
        return name
    # Where it is cut, what tells one from another stays.
    return f"{name}, {county}" if look.language == "en" else f"{county} {name}"


def _heat(one: Turned, look: Look) -> Cell:
    """How hot in a word."""
    mark = shape(HEAT_SHAPES.get(one.row.heat, ""), look.ascii)
    return Cell(f"{mark} {look.word(f'maps.heat.{one.row.heat}')}", _loud(one))


def _loud(one: Turned) -> str:
    """The tone of what is hot; what is only to be watched says so in its word."""
    return HEAT_TONES[one.row.heat] if one.row.heat in LOUD else ""


def _why(one: Turned, look: Look) -> str:
    return look.say(one.row.reasons[0]) if one.row.reasons else ""


def _first_target(one: Turned, look: Look) -> str:
    row = one.row
    if row.none is None:
        return ""
    if not row.targets or row.none > row.targets[0].probability:
        return look.word("maps.no_target", percent=f"{100 * row.none:.0f}")
    return f"{100 * row.targets[0].probability:.0f}% {row.targets[0].name}"


COLUMNS: tuple[Column[Turned], ...] = (
    Column("turn", "maps.column.turn", lambda one, _look: Cell(letter(one.turn), _loud(one)), 2,
           order=lambda one: one.turn),
    Column("place", "maps.column.place", _place, 12, flex=2, most=24),
    Column("rise", "maps.column.rise",
           lambda one, look: Cell(amount(one.row.increment, one.row.decimals, look, "+"), _loud(one)), 5,
           align="right", order=lambda one: one.row.increment),
    Column("hours", "maps.column.hours", lambda one, _look: f"{one.row.hours:g}h", 4, align="right", rank=1,
           order=lambda one: one.row.hours),
    Column("kind", "maps.column.kind", lambda one, look: Cell(look.word(f"hotspots.kind.{one.row.kind}")), 8,
           rank=2),
    Column("heat", "maps.column.heat", _heat, 8, rank=3,
           order=lambda one: -one.row.score),
    Column("target", "maps.column.target", _first_target, 16, flex=2, rank=4),
    Column("why", "maps.column.why", _why, 20, flex=3, rank=5),
)  # fmt: skip
"""The list beside the map; where it is narrow the last ones go, and the reason is told below."""


def layer_name(layer: Layer, look: Look) -> str:
    """What the map is made of."""
    return (
        look.word(f"maps.layer.{layer.key}") if layer.level else look.word("maps.layer.cells", side=layer.key)
    )


def title(
    asked: Asked | None,
    seen: Seen | None,
    measure: Measure,
    look: Look,
    *,
    state: Sequence[Cell],
    cells: int = 1 << 16,
) -> list[Cell]:
    """The line over the map: what is shown, of when, and what it is worth.

    Args:
        asked: what is to be seen; None before the hours are known.
        seen: what is shown, maybe still of another hour.
        measure: increments or levels.
        look: whom it is told to.
        state: what is to be said before all else: playing, being read, old.
        cells: the width; where it is too narrow for all, what matters least is left out whole.
    """
    head = Cell(f" {look.word('maps.title')}  ", "title")
    if asked is None:
        return [head, *state]
    name = telling.parameter(asked.parameter, look)
    period = HOUR if seen is None else seen.map.period
    must = [
        Cell(f" {name} {look.word(f'maps.measure.{measure}')}", "strong"),
        Cell(f"  {layer_name(asked.layer, look)}  "),
        Cell(hour(asked.at, period, look), "strong"),
        Cell("  "),
        *state,
    ]
    parts = [Cell(""), Cell(""), Cell("")] if seen is None else _worth(seen, look)
    if cells < sum(width(one.text) for one in [*must, parts[0]]):
        must[0] = Cell(f" {name} {look.word(f'maps.measure.{measure}_short')}", "strong")
    room = cells - sum(width(one.text.rstrip() if one is parts[0] else one.text) for one in [*must, parts[0]])
    opens = [Cell(head.text.rstrip(), head.tone), Cell(" ")] if room >= width(head.text) - 1 else []
    room -= sum(width(one.text) for one in opens) + 2
    for turn in (1, 2):
        room -= width(parts[turn].text.rstrip()) + 2 * (turn - 1)
        if room < 0:
            parts[turn:] = []
            break
    return [*opens, *must, *(one for one in parts if one.text)]


def _worth(seen: Seen, look: Look) -> list[Cell]:
    """How much is hot, over what, by how many stations."""
    one = seen.map
    hot = sum(row.heat in LOUD for row in seen.rows)
    known = [value for value in one.backgrounds if value == value]
    least, most = (amount(at(known, default=0.0), one.decimals, look) for at in (min, max))
    background = least if least == most else f"{least}-{most}"
    said = sum(station.value is not None for station in one.stations)
    return [
        Cell(look.word("maps.hot_count", count=hot) + "  ", "high" if hot else "good"),
        Cell(look.word("maps.background", value=background, unit=one.unit) + "  " if known else "", "dim"),
        Cell(look.word("maps.stations", said=said, of=len(one.stations)), "dim"),
    ]


def under_cursor(
    seen: Seen | None,
    square: int | None,
    covered: int,
    under: Under | None,
    look: Look,
    cells: int,
    *,
    rested: int | None = None,
    waits: bool = True,
) -> Text:
    """What lies under the cursor: the value at once, the rest once it has been read.

    The first lines are always of the square; those below them stay in their places until the cursor rests.

    Args:
        seen: the hour that is shown.
        square: the square under the cursor.
        covered: how many squares the cursor's pixel has.
        under: the grids, stations, sources and tasks of a square; None while that is being read.
        look: whom it is told to.
        cells: the width.
        rested: of which square those are, where that is another one: the cursor has not come to rest yet.
        waits: they are being read, where there are none.
    """
    if seen is None:
        return []
    if square is None:
        return [[Cell(" " + look.word("maps.nothing_here"), "dim")]]
    lines: list[Sequence[Cell]] = [_where(seen, square, cells)]
    lines += _value(seen, square, covered, look, cells)
    if under is None:
        return [*lines, [Cell(f" {look.word('ui.board.loading')}" if waits else "", "dim")]]
    for row in hot_at(seen, square if rested is None else rested, under)[:1]:
        lines += _hot(seen, row, look, cells)
    lines += _around(under, look, cells)
    for note in seen.map.notes:
        # How many are silent stands over the map.
        if note.code != "hotspots.note.silent":
            lines += flow(look.word("maps.note", what=look.say(note)), cells - 1, "warn", " ")
    return lines


def hot_at(seen: Seen, square: int, under: Under | None) -> list[HotGridRow]:
    """What is hot at a square: what the list has there, else the grids that it lies in, the finest first."""
    own = [row for row in seen.rows if seen.lattice.square(row.lon, row.lat) == square]
    if not own and under is not None:
        # A grid is hot all over, not only where its middle lies.
        path = {code for _level, code, _name in under.path}
        own = [row for row in seen.rows if row.code in path]
    return own or sorted(under.hot if under is not None else (), key=lambda row: -row.level)


def _where(seen: Seen, square: int, cells: int) -> list[Cell]:
    """The grid that a square lies in, with what that lies in as far as there is room."""
    names = list(seen.names(square))
    while len(names) > 1 and width("/".join(names)) >= cells:
        del names[0]
    lon, lat = seen.lattice.place(square)
    return [Cell(f" {'/'.join(names)}", "title") if names else Cell(f" {lon:.3f}, {lat:.3f}", "dim")]


def _value(seen: Seen, square: int, covered: int, look: Look, cells: int) -> list[list[Cell]]:
    """The value in two lines, its numbers at fixed places: a step of the cursor changes few cells."""
    one, known, value = seen.map, seen.map.mask[square], seen.map.values[square]
    if known <= 1 or value != value:
        return flow(look.word("maps.unseen", reach=far(one.reach, look)), cells - 1, "warn", " ")
    grade, rise = one.classes[square], seen.rise(square)
    digits = 3 + (one.decimals + 1 if one.decimals else 0)
    unit, over = Cell(f"{one.unit} "), Cell("")
    told = [
        Cell(f" {telling.parameter(one.parameter, look)} "),
        Cell(f"{amount(value, one.decimals, look):>{digits}} ", "strong"),
    ]
    level = [Cell("  "), telling.level(grade, look)] if one.bounds_from == "iaqi" and grade else []
    if rise is not None:
        args = {
            "rise": f"{amount(rise, one.decimals, look, '+'):>{digits + 1}}",
            "background": amount(one.backgrounds[square], one.decimals, look),
        }
        over = Cell(f" {look.word('maps.above', **args)}", "strong")
        # The legend tells the unit too.
        if sum(width(part.text) for part in [*told, unit, over, *level]) > cells:
            unit = Cell("")
        if sum(width(part.text) for part in [*told, over, *level]) > cells:
            over = Cell(look.word("maps.above_short", **args), "strong")
    told += [unit, over, *level]
    if known == 3:
        how = look.word("maps.measured")
    else:
        error = amount(one.error, one.decimals, look)
        how = (
            look.word("maps.interpolated", error=error)
            if one.error is not None
            else look.word("maps.between")
        )
    several = f"  {look.word('maps.gravest', count=covered)}" if covered > 1 else ""
    return [told, [Cell(f" {how}{several if width(how + several) < cells else ''}", "dim")]]


def _hot(seen: Seen, row: HotGridRow, look: Look, cells: int) -> list[list[Cell]]:
    turn = next(
        (at for at, one in enumerate(seen.rows) if one.key == row.key and one.parameter == row.parameter),
        None,
    )
    mark = f"{letter(turn)} " if turn is not None else ""
    named = telling.parameter(row.parameter, look)
    # The line over the map names the pollutant.
    of = Cell(" " if row.parameter == seen.map.parameter else f" {named} ")
    head = [Cell(f" {mark}", "strong"), heat(row.heat, look), of,
            Cell(look.word("maps.lasting", since=look.clock(row.since), hours=f"{row.hours:g}"), "dim")]  # fmt: skip
    lines, reasons = [head], list(row.reasons)
    if row.network != seen.map.network:
        reasons = [one for one in reasons if one.code != "hotspots.why.background"]
        # What it shows is not on the map, which is made of other stations.
        lines += flow(look.word("maps.by_network", network=network(row.network, look)) + "  " + look.word(
            "maps.page.value", value=amount(row.value, row.decimals, look), unit=row.unit,
            background=amount(row.background, row.decimals, look),
            rise=amount(row.increment, row.decimals, look, "+")), cells - 1, "strong", "  ")  # fmt: skip
    narrow = cells < WIDE
    for reason in reasons[: 2 if narrow else 3]:
        lines += flow(look.say(reason), cells - 1, "", "  ")
    if row.targets or row.none is not None:
        lines += flow(
            look.word("maps.targets", what=_targets(row, look, 1 if narrow else 3)), cells - 1, "strong", "  "
        )
    for doubt in row.against[: 1 if narrow else 2]:
        lines += flow(look.word("maps.against", what=look.say(doubt)), cells - 1, "warn", "  ")
    return lines


def _targets(row: HotGridRow, look: Look, most: int) -> str:
    """The most probable sources with their departments, or that it is none of them."""
    none = f"{look.word('sources.none')} {100 * (row.none or 0.0):.0f}%"
    told = [
        f"{one.name} {100 * one.probability:.0f}%"
        + (f" {one.department_name}" if one.department_name else "")
        for one in row.targets[:most]
        if one.probability >= LIKELY
    ]
    first = row.targets[0].probability if row.targets else 0.0
    return telling.joined([none, *told] if (row.none or 0.0) > first else [*told, none])


def _around(under: Under, look: Look, cells: int) -> list[list[Cell]]:
    """The nearest stations and sources, a line each, with all at fixed places: a step changes few cells."""
    heads = {code: look.word(f"maps.under.{code}") for code in ("stations", "sources", "tasks")}
    left = max(width(head) for head in heads.values()) + 2
    near, right = (NEAR, 8) if cells >= WIDE else (NEAR - 1, 4)
    # Those that measure it first: what the others say of another pollutant is on their pages.
    measuring = sorted(under.stations, key=lambda one: (one.value is None, one.metres))[:near]
    told = {
        "stations": [
            (one.name, one.metres, amount(one.value, 0 if (one.value or 0) >= 10 else 1, look))
            for one in measuring
        ],
        "sources": [
            (one.name, one.metres, look.word("station.grade", grade=one.grade) if one.grade else "")
            for one in under.sources[:near]
        ],
    }
    lines: list[list[Cell]] = []
    for code, rows in told.items():
        end = right if cells >= WIDE or code == "stations" else 0
        room = cells - 2 - left - FAR - end
        for turn, (name, metres, last) in enumerate(rows):
            where = f"{fit(name, room, numbered=True)} {_pad(far(metres, look), FAR, 'right')}"
            head = Cell(_pad("" if turn else f" {heads[code]}", left), "dim")
            lines.append([head, Cell(where), Cell(_pad(last, end, "right") if end else "")])
        if not rows:
            lines.append([Cell(f" {heads[code]} {look.word('maps.none')}", "dim")])
    tasks = telling.joined(under.tasks) if under.tasks else look.word("maps.none")
    return lines + flow(f"{heads['tasks']} {tasks}", cells - 1, "" if under.tasks else "dim", " ")


def _pad(text: str, cells: int, align: Literal["left", "right"] = "left") -> str:
    blank = " " * max(0, cells - width(text))
    return text + blank if align == "left" else blank + text


def lead(row: HotGridRow | None) -> str:
    """The code of the station in a hot grid that shows it most; empty where none stands in it."""
    inside = [one for one in row.stations if one.inside] if row is not None else []
    return max(inside, key=lambda one: -1e9 if one.z is None else one.z).code if inside else ""


def traced(row: HotGridRow | None, under: Under | None, parameter: str, end: int) -> str:
    """What the page of sources is asked for: the station that shows it most, else the grid; empty where none is known.

    Args:
        end: the end of the hour that is shown: what came later is not to be known.
    """
    if shows := lead(row):
        return f"station:{shows}|{parameter}|{end}"
    return f"grid:{under.path[0][1]}|{parameter}|{end}" if under is not None and under.path else ""


def faces(under: Under | None) -> list[Face]:
    """Where one can go from a place: its grids, stations, sources and tasks."""
    from backend.desk.alarms import Face

    if under is None:
        return []
    return [
        *(Face("task", task, task) for task in under.tasks),
        *(Face("grid", code, name) for _level, code, name in under.path),
        *(Face("station", one.code, one.name) for one in under.stations),
        *(Face("source", one.code, one.name) for one in under.sources),
    ]
