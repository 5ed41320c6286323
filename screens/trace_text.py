"""What the page of source tracing says under its list: evidence, directions, the wind and the path back.

A pure function of what was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from backend.words import Message
from screens import telling
from screens.columns import Cell
from screens.look import MISSING, Look
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.polar import cpf_lines, direction, polar_lines
from screens.widgets.sheet import flow

if TYPE_CHECKING:
    from backend.analysis.sources.answer import Answer, Ranked
    from backend.analysis.sources.reasons import Reason
    from backend.desk.sources import SourcesPage

Lines = list[Sequence[Cell]]
PARTS = ("why", "directions", "wind")
SIGNS = {"for": ("+", "good"), "against": ("-", "bad"), "tells": ("=", "dim")}
SILENT = "sources.because.silent"
STATIONS = 4
"""Stations that are told where there is no room for more."""
HOUR = 3600
HEAD = 6
"""Lines of the head (trace.tcss)."""


def head(page: SourcesPage | None, look: Look, cells: int) -> Lines:
    """What was asked, over which time, what the answer is, and what must be known before it is believed."""
    if page is None:
        return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
    answer = page.answer
    asked = [
        Cell(f" {look.word('tracescreen.title')} ", "title"),
        Cell(f" {answer.place} {answer.station} ", "strong"),
        Cell(f" {telling.parameter(answer.parameter, look)}"),
        Cell(f"  {look.moment(answer.start)} - {look.moment(answer.end)}", "dim"),
    ]
    kept = _kept(page, look)
    notes, _left = _notes(answer, look, cells, HEAD - 2 - len(kept))
    return [asked, [Cell(" "), *_verdict(answer, look)], *kept, *notes]


def _kept(page: SourcesPage, look: Look) -> Lines:
    """The last answer at this station that somebody was sent on."""
    if not page.kept:
        return []
    at, source, probability, task = page.kept[0]
    words = look.word(
        "tracescreen.kept", at=look.moment(at), source=source, percent=_percent(probability), task=task
    )
    return [[Cell(f" {words}", "dim")]]


def _verdict(answer: Answer, look: Look) -> list[Cell]:
    best = answer.best
    if best is None:
        return [Cell(look.word("tracescreen.none_best", percent=_percent(answer.none)), "warn")]
    words = look.word("tracescreen.best", name=best.source.name, percent=_percent(best.probability))
    none = look.word("tracescreen.none", percent=_percent(answer.none))
    return [Cell(words, "strong"), Cell(f"   {none}", "dim")]


def _notes(answer: Answer, look: Look, cells: int, room: int) -> tuple[Lines, list[Message]]:
    """What must be known first, as whole notes in so many lines; and the notes for which there was no room."""
    lines: Lines = []
    left: list[Message] = []
    for note in answer.notes:
        told = _note(note, look, cells)
        if len(lines) + len(told) <= room:
            lines += told
        else:
            left.append(note)
    return lines, left


def _note(note: Message, look: Look, cells: int) -> Lines:
    told = flow(look.say(_named(note, look)), cells - 4, "warn")
    return [[Cell(" ! " if first else "   ", "warn"), *line] for first, line in _first(told)]


def _named(note: Message, look: Look) -> Message:
    """A note with parameters by their names."""
    codes = str(note.args.get("parameters") or "")
    if not codes:
        return note
    names = " ".join(telling.parameter(code, look) for code in codes.replace("|", " ").split())
    return Message(note.code, {**note.args, "parameters": names})


def _first(lines: Sequence[list[Cell]]) -> Iterable[tuple[bool, list[Cell]]]:
    """Lines with whether each is the first."""
    return ((index == 0, line) for index, line in enumerate(lines))


def _percent(share: float) -> str:
    """Percent as one says it: no more digits than it deserves."""
    percent = 100 * share
    return f"{percent:.0f}" if percent >= 1 or percent == 0 else "<1"


def below(
    page: SourcesPage, row: Ranked | None, none: bool, look: Look, cells: int, lines: int, part: str
) -> Lines:
    """The pane under the list: all parts where there is room, else one.

    Args:
        row: the candidate under the cursor.
        none: "none of these" is.
        part: one of `PARTS`.
    """
    left = 0
    _told, missing = _notes(page.answer, look, cells, HEAD - 2 - len(_kept(page, look)))
    if part == "why" and not none:
        told, left = _why(page, row, look, cells, lines - 1)
    elif part == "why":
        told = _none(page.answer, look, cells)
    elif part == "directions":
        told = _directions(page, look, cells, lines - 1)
    else:
        told = [line for note in missing for line in _note(note, look, cells)]
        told += _wind(page.answer, look, cells, lines - 1 - len(told))
    return [_tabs(part, look, left, len(missing)), *told]


def _tabs(part: str, look: Look, left: int, notes: int) -> list[Cell]:
    """The parts; how many notes that the head had no room for stand in the last, and what this one left out."""
    told = [Cell(" ")]
    for name in PARTS:
        mark = f" !{notes}" if notes and name == PARTS[-1] else ""
        tone = "chosen" if name == part else "warn" if mark else "dim"
        told.append(Cell(f" {look.word(f'tracescreen.part.{name}')}{mark} ", tone))
    if left:
        told.append(Cell(f"  {look.word('tracescreen.more', count=left)}", "warn"))
    return told


def _why(page: SourcesPage, row: Ranked | None, look: Look, cells: int, lines: int) -> tuple[Lines, int]:
    """What there is to say of a candidate, and how many pieces of evidence there was no room for."""
    if row is None:
        return [], 0
    source = row.source
    department = page.departments.get(source.department, source.department) or MISSING
    # Read where it is told: the list of industries is nothing that the first paint waits for.
    from backend.city.industries import industry

    about = [
        industry(source.industry, look.language),
        look.word("station.grade", grade=source.grade) if source.grade else "",
        department,
    ]
    before = look.word("tracescreen.before", before=_percent(row.before), after=_percent(row.probability))
    told: Lines = [
        [Cell(f" {source.name}", "strong"), Cell(f" {source.code}  {telling.joined(about, '  ')}", "dim")],
        *_whom(page, row, look, cells),
        *flow(before, cells - 2, "dim", " "),
    ]
    evidence, left = _reasons(row, look, cells, lines - len(told))
    return [*told, *evidence], left


def _whom(page: SourcesPage, row: Ranked, look: Look, cells: int) -> Lines:
    """Whom one would send there, in a line."""
    if row.source.code not in page.whom:
        return []
    holder = page.whom[row.source.code]
    if holder is None:
        return [[Cell(f" {look.word('tracescreen.nobody')}", "warn")]]
    role = look.word(f"task.holder.{holder.kind}")
    called = holder.name if role in holder.name else f"{role} {holder.name}"
    words = look.word("tracescreen.whom", name=telling.joined([called, holder.place, holder.phone], "  "))
    return [[Cell(f" {fit(words, cells - 2).rstrip()}")]]


def _reasons(row: Ranked, look: Look, cells: int, room: int) -> tuple[Lines, int]:
    """The evidence. Where there is no room for all of it: a line each, the weightiest for and against by turns, so that
    what speaks against is never what is cut; and how many are left out."""
    parts = [_reason(one, look, cells) for one in row.reasons]
    if sum(map(len, parts)) <= room:
        return [line for part in parts for line in part], 0
    # The stations that speak against it are told with the fit, of which they are a part; here they count as against.
    stances = ["against" if one.message.code == SILENT else one.stance for one in row.reasons]
    order = sorted(
        range(len(parts)), key=lambda at: (stances[at] == "tells", stances[:at].count(stances[at]))
    )
    kept = sorted(order[: max(0, room)])
    return [_reason(row.reasons[at], look, cells, brief=True)[0] for at in kept], len(parts) - len(kept)


def _reason(one: Reason, look: Look, cells: int, *, brief: bool = False) -> Lines:
    sign, tone = SIGNS[one.stance]
    weight = f"x{2.718281828**one.weight:.1f}" if one.weight else ""
    text = look.say(one.message)
    lines: Lines = []
    for first, line in _first([[Cell(fit(text, cells - 10))]] if brief else flow(text, cells - 10)):
        lines.append([Cell(f" {sign} {weight:>5} " if first else " " * 9, tone), *line])
    return lines


def _none(answer: Answer, look: Look, cells: int) -> Lines:
    lines: Lines = [
        [Cell(f" {look.word('tracescreen.unknown', percent=_percent(answer.unknown))}")],
        [Cell(f" {look.word('tracescreen.nothing', percent=_percent(answer.nothing))}")],
    ]
    at = answer.unknown_at
    if at is not None:
        words = look.word("tracescreen.unknown_at", lon=f"{at[0]:.4f}", lat=f"{at[1]:.4f}")
        lines.append([Cell(f" {words}", "dim")])
    return [*lines, *flow(look.word("tracescreen.none_about"), cells - 2, "dim", " ")]


def _directions(page: SourcesPage, look: Look, cells: int, lines: int) -> Lines:
    found = page.directions
    told: Lines = []
    if page.answer.signature is not None:
        told += _radar(page.answer, look)
    if found is None or found.threshold is None:
        return [*told, [Cell(f" {look.word('tracescreen.no_directions')}", "dim")]]
    args: dict[str, str | int] = {
        "days": found.days, "percentile": round(100 * found.percentile),
        "threshold": look.number(found.threshold, 0 if found.threshold >= 10 else 2), "calm": found.calm,
    }  # fmt: skip
    told.append([Cell(f" {look.word('tracescreen.cpf', **args)}", "dim")])
    width = min(cells - 2, 100)
    told += [[Cell(" "), *line] for line in cpf_lines(found, look, width)]
    room = lines - len(told) - 3
    if room >= 7:
        speeds = "/".join(f"{edge:g}" for edge in found.speeds)
        told.append([Cell(f" {look.word('tracescreen.polar', speeds=speeds)}", "dim")])
        told += [[Cell(" "), *line] for line in polar_lines(found, look, min(room, 17))]
    return told


def _radar(answer: Answer, look: Look) -> Lines:
    """The five-pollutant feature radar in a line: how far each stands out beside the five's mean."""
    found = answer.signature
    if found is None:
        return []
    told = [Cell(f" {look.word('tracescreen.radar')} ", "dim")]
    for one in found.factors:
        name = telling.parameter(one.parameter, look)
        value = MISSING if one.value is None else f"{one.value:.2f}"
        mark = shape("up", look.ascii) if one.value is not None and one.value > 1.15 else " "
        told.append(Cell(f" {name} {value}{mark}", "bad" if mark.strip() else ""))
    if found.kind:
        told.append(Cell(f"  {look.word(f'sources.kind.{found.kind}')}", "strong"))
    return [told]


def _wind(answer: Answer, look: Look, cells: int, room: int = 0) -> Lines:
    lines: Lines = []
    if answer.wind_points:
        kind = "gridded" if answer.gridded else "station"
        lines.append([Cell(f" {look.word(f'tracescreen.wind.{kind}', count=answer.wind_points)}", "dim")])
    hours = "   ".join(
        f"{look.clock(one.start)} {_blows(one.origin, one.speed, look)}" for one in answer.winds
    )
    if hours:
        lines += flow(hours, cells - 2, "", " ")
    else:
        lines.append([Cell(f" {look.word('sources.note.no_wind')}", "warn")])
    if answer.path:
        lines.append([Cell(f" {look.word('tracescreen.path')}", "dim")])
        lines += [
            [Cell(f"   {_step(one.age, one.distance, one.bearing, one.spread, look)}")] for one in answer.path
        ]
    return [*lines, *_witnesses(answer, look, max(STATIONS, room - len(lines) - 1))]


def _witnesses(answer: Answer, look: Look, most: int) -> Lines:
    """The stations that had a say: the one that is asked about, then those that rose most."""
    if not answer.witnesses:
        return []
    rows = sorted(answer.witnesses, key=lambda one: one.code != answer.station)[:most]
    words = look.word("tracescreen.stations", count=len(answer.witnesses), shown=len(rows))
    lines: Lines = [[Cell(f" {words}", "dim")]]
    for one in rows:
        mean = look.number(one.mean, 0 if (one.mean or 0) >= 10 else 2)
        above = look.number(one.above, 0 if abs(one.above or 0) >= 10 else 2)
        words = look.word(
            "tracescreen.witness",
            name=one.name if one.name == one.code else f"{one.name} {one.code}",
            mean=mean,
            above=above,
            scatter=look.number(one.scatter, 0 if one.scatter >= 10 else 2),
            far=distance(one.distance),
        )
        lines.append([Cell(f"   {words}")])
    return lines


def _blows(origin: float | None, speed: float | None, look: Look) -> str:
    if speed is None:
        return MISSING
    if origin is None:
        return look.word("tracescreen.calm")
    return f"{direction(origin, look)} {speed:.1f} m/s"


def _step(age: int, far: float, turn: float, spread: float, look: Look) -> str:
    # No "4m" beside metres.
    short = ("tracescreen.seconds", age) if age < 60 else ("tracescreen.minutes", age // 60)
    when = look.span(age) if age >= HOUR else look.word(short[0], count=short[1])
    return look.word(
        "tracescreen.step",
        age=when,
        far=distance(far),
        direction=direction(turn, look),
        spread=distance(spread),
    )


def distance(metres: float) -> str:
    """Metres as one says them."""
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def text_of(page: SourcesPage, look: Look) -> str:
    """The whole answer as plain text, to be pasted elsewhere."""
    lines = [*head(page, look, 200)]
    for row in page.answer.ranked[:10]:
        lines.append([Cell(f"{_percent(row.probability):>3}% {row.source.name} {row.source.code}")])
        lines += [line for one in row.reasons for line in _reason(one, look, 200)]
    lines.append([Cell(f"{_percent(page.answer.none):>3}% {look.word('sources.none')}")])
    lines += _wind(page.answer, look, 200)
    return "\n".join("".join(cell.text for cell in line).rstrip() for line in lines)
