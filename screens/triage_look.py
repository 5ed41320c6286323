"""The look pane of the triage desk, as text: all of it where there is room, else one part at a time.

A pure function of what was read: trend, surroundings and wind, history, cameras with orders and contact. Labels,
numbers and names have places of their own, which depend on the pane's size alone: the eye finds them where they were at
the row before, and the line is sent what differs, and not what was pushed aside by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens import alarm_cells, telling
from screens.columns import Cell
from screens.look import Look
from screens.triage_columns import place, what
from screens.widgets.cells import fit
from screens.widgets.sheet import flow, fold
from screens.widgets.trend import Curve, draw, sample

if TYPE_CHECKING:
    from backend.desk.orderrows import OrderRow
    from backend.desk.triage import TriageRow
    from backend.desk.triagelook import TriageLook
    from backend.desk.vicinity import CameraRow, Neighbour, Winds

Lines = list[Sequence[Cell]]
PARTS = ("trend", "around", "past", "sight")
WHOLE = 30
"""Lines from which all parts are shown at once."""
LABEL = 10
PLOT = 8
"""Lines of the trend at least, where all parts are shown."""
SUGGESTED = 4
"""Lines of whom one would send: who, why, who leads where, who helps."""
AROUND, PAST, SIGHT = 8, 4, 6
"""Lines of the surroundings, of the past, and of cameras with orders and contact, as far as there is room."""
ORDERS = 2
"""Orders that are told at most."""
NAME, MOMENT, BLOWS, FAR = 8, 11, 14, 12
"""Cells of a name (or twice as many), of a moment, of a wind, and of where a camera is."""
HEAD = 2
"""Lines of what it is, where, and how much, on a small screen."""
UPWIND = 45.0
"""Degrees to either side of where the wind comes from."""
DAY, HOUR = 86400, 3600
_CAMERAS = {"online": "good", "offline": "bad"}


def compass(degrees: float, look: Look) -> str:
    """One of eight directions, in a word."""
    return look.word(f"triage.compass.{round(degrees / 45) % 8}")


def write(
    row: TriageRow,
    data: TriageLook,
    look: Look,
    cells: int,
    lines: int,
    *,
    part: str,
    note: Sequence[Cell] = (),
) -> Lines:
    """The pane.

    Args:
        row: the row that was looked at.
        data: what was read of it.
        part: which part is shown where not all fit.
        note: what is to be said first: that another row is being read, that this is old.
    """
    whole = lines >= WHOLE
    if whole:
        since = Cell(f" {fit(look.moment(row.since), MOMENT)}", "dim")
        told: Lines = [*fold(_title(row, look), cells, "  ")]
        told += [note] if note else fold([since, *_rings(row, data, look)], cells, "  ")
    else:
        head = fold([*_title(row, look), *_rings(row, data, look)], cells, "  ")[:HEAD]
        told = [*head, note or _tabs(part, look)]
    told += _suggested(row, data, look, cells - LABEL - 2, whole=whole)
    told += _beside(data, look, cells, 2 if whole else 1)
    if whole:
        return [*told, *_whole(row, data, look, cells, lines - len(told))]
    return [*told, *_PARTS[part](row, data, look, cells, lines - len(told))]


def _whole(row: TriageRow, data: TriageLook, look: Look, cells: int, lines: int) -> Lines:
    """All parts: what is under the trend has so many lines, whatever there is to tell; the trend has the others."""
    spare = lines - PLOT - SIGHT - 3
    past = max(2, min(PAST, spare - AROUND))
    around = max(4, min(AROUND, spare - past))
    under = [
        [],
        *_filled(_around(row, data, look, cells, around), around),
        [],
        *_filled(_past(row, data, look, cells, past), past),
        [],
        *_filled(_sight(row, data, look, cells, SIGHT), SIGHT),
    ]
    above = max(PLOT, lines - len(under))
    return [*_filled(_trend(row, data, look, cells, above), above), *under][:lines]


def _filled(told: Lines, lines: int) -> Lines:
    """Exactly so many lines."""
    return [*told, *([[]] * (lines - len(told)))][:lines]


def _tabs(part: str, look: Look) -> list[Cell]:
    told = [Cell(" ")]
    for name in PARTS:
        told.append(Cell(f" {look.word(f'triage.part.{name}')} ", "chosen" if name == part else "dim"))
    return told


def _title(row: TriageRow, look: Look) -> list[Cell]:
    return [
        Cell(" "),
        telling.priority_short(row.priority, look),
        Cell(" "),
        Cell(what(row, look), "title"),
        Cell(f" {place(row, look)}", "title"),
    ]


def _rings(row: TriageRow, data: TriageLook, look: Look) -> list[Cell]:
    """Who else has it open, the value against its bound, whether it is in doubt, since when."""
    told = []
    if row.claimed:
        told.append(Cell("  " + look.word("triage.held", who=row.claimed), "new"))
    if data.lead is not None and (text := alarm_cells.what(data.lead, look)):
        told.append(Cell(f"  {text}", "strong"))
    if row.suspect:
        told.append(Cell("  " + look.word("triage.suspect"), "suspect"))
    if row.apart:
        types = look.word("taskscreen.comma").join(look.pick(*names) for names in row.apart)
        told.append(Cell("  " + look.word("triage.apart", types=types), "dim"))
    return told


def _label(code: str, look: Look) -> Cell:
    return Cell(" " + fit(look.word(code), LABEL), "dim")


def _labelled(code: str, look: Look, lines: Sequence[Sequence[Cell]]) -> Lines:
    """The first line with its name before it, the others under it."""
    indent = Cell(" " * (LABEL + 1))
    return [[_label(code, look) if number == 0 else indent, *line] for number, line in enumerate(lines)]


def _suggested(row: TriageRow, data: TriageLook, look: Look, room: int, *, whole: bool) -> Lines:
    """Whom one would send, with the reasons; where there is room, in which township it is and who leads."""
    found, best = data.whom, data.whom.sending.best
    if found.fault and found.contractor is not None:
        name = look.word("triage.suggest.contractor", name=found.contractor.name)
        first = [Cell(name, "strong"), Cell(f" {found.contractor.phone}")]
    elif best is None:
        first = [Cell(look.word("triage.suggest.none"), "warn")]
    else:
        first = [Cell(_stepped(best.name), "strong"), Cell(f" {best.phone}")]
    shown = best if not found.fault else None
    why = look.word("taskscreen.comma").join(look.say(reason) for reason in shown.reasons) if shown else ""
    if not whole:
        return _labelled("triage.suggest", look, [[*first, Cell(f"  {why}", "dim")]])
    leads = look.word("triage.suggest.lead", department=found.department) if found.department else ""
    helping = look.word("taskscreen.listed").join(found.co)
    # Who leads is the same from row to row, where it is is not.
    where = telling.joined((row.county, row.township))
    told: Lines = [first, [Cell(why, "dim")]]
    if cell_len(both := telling.joined((leads, where))) <= room:
        told.append([Cell(both, "dim")])
    else:
        told += [[Cell(leads, "dim")], [Cell(where, "dim")]]
    if found.co:
        told.append([Cell(look.word("triage.suggest.co", departments=helping), "dim")])
    return _labelled("triage.suggest", look, _filled(told, max(SUGGESTED, len(told))))


def _stepped(name: str) -> str:
    """A name in cells of which there are a few numbers only, so that what stands behind it seldom moves."""
    return fit(name, -(-cell_len(name) // NAME) * NAME)


def _beside(data: TriageLook, look: Look, cells: int, most: int) -> Lines:
    """Tasks near by that may be about the very same thing: one key merges into them."""
    told: Lines = []
    for one in data.beside[:most]:
        far = "" if one.km is None else f"{one.km:.1f} km"
        ago = look.word("triage.beside.ago", span=look.span(max(0, look.now - one.last)))
        head = telling.joined((look.pick(*one.type_name), one.place), " ")
        tail = f"  {far}  {ago}" if far else f"  {ago}"
        line = [Cell(one.task, "link"), Cell(f" {head}"), Cell(tail, "mark")]
        told += fold(line, max(20, cells - LABEL - 2), "  ")[:1]
    return _labelled("triage.beside", look, told) if told else []


# The trend.


def _trend(row: TriageRow, data: TriageLook, look: Look, cells: int, lines: int) -> Lines:
    told: Lines = []
    if data.said:
        for at, channel, text in data.said[:2]:
            head = f"{look.moment(at)} {look.word(f'intakescreen.channel.{channel}')} "
            told += flow(head + text, cells - 2, "", " ")
        told = _labelled("triage.said", look, told) if not told else [[_label("triage.said", look)], *told]
    series, lead = data.series, data.lead
    if series is None or lead is None:
        return [*told, [Cell(" " + look.word("triage.no_series", what=what(row, look)), "dim")]][:lines]
    curve = Curve(
        series.since,
        series.until,
        series.period,
        series.points,
        series.peers,
        lead.threshold if lead.rule in alarm_cells.COMPARED else None,
        lead.decimals,
    )
    name = telling.parameter(lead.parameter, look, lead.parameter_names)
    hours = (series.until - series.since) // HOUR
    legend = [
        Cell(f"  {sample('line', look)} {look.word('station.trend.own')}", "line"),
        Cell(f"  {sample('axis', look)} {look.word('triage.peers')}", "axis"),
    ]
    if curve.limit is not None:
        limit = look.number(curve.limit, lead.decimals)
        legend.append(Cell(f"  - {look.word('station.trend.limit', limit=limit)}", "limit"))
    over = " " + look.word("triage.curve", name=name, hours=hours, unit=lead.unit)
    if cell_len(over) + sum(cell_len(piece.text) for piece in legend) > cells:
        # The scale below tells the hours; what the lines are is told nowhere else.
        over = " " + look.word("triage.curve.short", name=name, unit=lead.unit)
    return [
        *told,
        [Cell(over, "strong"), *legend],
        *draw(curve, look, cells - 1, max(4, lines - len(told) - 1)),
    ]


# What is around.


def _around(row: TriageRow, data: TriageLook, look: Look, cells: int, lines: int) -> Lines:  # noqa: ARG001
    wind = _wind(data.winds, look, cells - LABEL - 2)
    shown = data.neighbours[: max(2, lines - len(wind))]
    near = [_neighbour(one, data, look, cells) for one in shown]
    near = near or [[Cell(look.word("triage.around.none"), "dim")]]
    return [*_labelled("triage.wind", look, wind), *_labelled("triage.around", look, near)]


def _neighbour(one: Neighbour, data: TriageLook, look: Look, cells: int) -> list[Cell]:
    value = telling.value(one.value, data.lead.decimals if data.lead is not None else 0, look)
    # Behind a number that counts stands a blank, where another one has its mark: digits stand under digits.
    number = value.text if value.tone else value.text + " "
    told = [
        Cell(f"{one.km:5.1f} km "),
        Cell(fit(compass(one.bearing, look), 5)),
        Cell(fit(one.name, max(10, min(22, cells - LABEL - 30)), numbered=True)),
        Cell(" " + fit(number, 7, "right"), value.tone),
    ]
    if one.value.start < max(other.value.start for other in data.neighbours):
        told.append(Cell(f" {look.clock(one.value.start)}", "warn"))
    elif data.winds is not None and _upwind(one.bearing, data.winds):
        told.append(Cell(" " + look.word("triage.upwind"), "mark"))
    return told


def _upwind(degrees: float, winds: Winds) -> bool:
    """Whether something lies where the wind comes from."""
    now = winds.hours[0]
    if now.direction is None or not now.speed:
        return False
    return abs((degrees - now.direction + 180) % 360 - 180) <= UPWIND


def _wind(winds: Winds | None, look: Look, room: int) -> Lines:
    if winds is None:
        return [[Cell(look.word("triage.wind.none"), "dim")]]
    now, *earlier = winds.hours
    told = [
        Cell(fit(_blows(now.speed, now.direction, look), BLOWS), "strong"),
        Cell(f"  {look.clock(now.start)}", "dim"),
        Cell(f"  {winds.name} {winds.km:.0f} km", "dim"),
    ]
    before = look.word("triage.wind.before") if earlier else ""
    for one in earlier:
        more = f" {look.clock(one.start)} {_blows(one.speed, one.direction, look)} "
        # Half a wind is none.
        before += more if cell_len(before + more) <= room else ""
    return [told, [Cell(before.rstrip(), "dim")]] if earlier else [told]


def _blows(speed: float | None, direction: float | None, look: Look) -> str:
    if speed is None:
        return "--"
    if direction is None or not speed:
        return look.word("triage.wind.calm")
    return look.word("triage.wind.now", **{"from": compass(direction, look), "speed": f"{speed:.1f}"})


# What happened before, and what can be seen.


def _past(row: TriageRow, data: TriageLook, look: Look, cells: int, lines: int) -> Lines:  # noqa: ARG001
    alarms, tasks = data.past_counts
    counts = Cell(
        look.word("triage.past.counts", days=data.past_days, alarms=alarms, tasks=tasks),
        "strong" if alarms or tasks else "dim",
    )
    told: Lines = [[counts]]
    for one in data.past[: max(0, lines - 1)]:
        name = look.word(f"rule.{one.what}") if one.kind == "alarm" else one.what
        came = look.word(f"{one.kind}.state.{one.state}")
        if one.code:
            kind = "task.reason" if one.state == "CANCELLED" else "result"
            came = f"{came} {look.word(f'{kind}.{one.code}')}"
        told.append(
            [
                Cell(fit(look.moment(one.at), 12), "dim"),
                Cell(fit(name, 15) + " "),
                Cell(came, "link" if one.kind == "task" else "dim"),
            ]
        )
    return _labelled("triage.past", look, told)


def _sight(row: TriageRow, data: TriageLook, look: Look, cells: int, lines: int) -> Lines:  # noqa: ARG001
    room = cells - LABEL - 2
    orders = [[Cell(_order(one, look, room), "warn")] for one in data.orders[:ORDERS]]
    orders = orders or [[Cell(look.word("triage.orders.none"), "dim")]]
    # Orders are those of the whole place, mostly the same from row to row: they stand still under the cameras.
    most = max(1, SIGHT - 2 - len(orders))
    cameras = [_camera(one, look, room) for one in data.cameras[:most]]
    cameras = cameras or [[Cell(look.word("triage.cameras.none"), "dim")]]
    told = _filled(_labelled("triage.cameras", look, cameras), most)
    told += _labelled("triage.orders", look, orders)
    contact = data.contact
    if contact is None:
        return [*told, *_labelled("triage.contact", look, [[Cell(look.word("triage.contact.none"), "dim")]])]
    who = " ".join(filter(None, (contact.person, contact.phone)))
    name = [Cell(contact.name), Cell(f"  {contact.grade}", "dim")]
    answers = [Cell(who, "strong"), Cell(f"  {contact.department}", "dim")]
    told += _labelled("triage.contact", look, [name, answers])
    return told


def _order(one: OrderRow, look: Look, room: int) -> str:
    return fit(look.word("triage.orders.from", title=one.title, starts=look.day(one.starts)), room).rstrip()


def _camera(one: CameraRow, look: Look, room: int) -> list[Cell]:
    far = "" if one.km is None else f"{one.km:.1f} km"
    if one.bearing is not None and one.km:
        far = f"{far} {compass(one.bearing, look)}"
    state = look.word(f"triage.camera.{one.state}")
    known = max(cell_len(state), *(cell_len(look.word(f"triage.camera.{name}")) for name in _CAMERAS)) + 1
    before = FAR + known
    told = [
        Cell(fit(far, FAR)),
        Cell(fit(state, known), _CAMERAS.get(one.state, "dim")),
        Cell(fit(one.name, min(cell_len(one.name), room - before))),
    ]
    # Half an address is none: a key copies it.
    left = room - before - cell_len(one.name)
    return [*told, Cell(f" {one.address}", "dim")] if cell_len(one.address) < left else told


_PARTS: Mapping[str, Callable[[TriageRow, TriageLook, Look, int, int], Lines]] = {
    "trend": _trend,
    "around": _around,
    "past": _past,
    "sight": _sight,
}
