"""What a task's page says, as lines of pieces: pure functions of the task and a look."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len

from backend.words import Message, entry
from screens import task_log, task_order, telling
from screens.acting.whole import Whole
from screens.acting.whole import refusal as why_off
from screens.actions import key_name, offered
from screens.columns import WIDE, Cell
from screens.look import Look
from screens.told import told_lines
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.sheet import fold, padded

if TYPE_CHECKING:
    from backend.desk.tasks import ClockRow
    from backend.desk.taskside import NextStep, Party

Lines = list[list[Cell]]
LASTING = ("LEVEL_ACK", "TOTAL")
"""Clocks that run on from one state to the next."""
GAP = 3
"""Cells between the two halves of a wide page."""
LABELS = {"zh": 9, "en": 11}
"""Cells of a fact's name."""
LEVEL_TONES = {"C": "warn", "M": "bad"}
EVIDENCE = 3
"""References that are told, the newest; the incident's page has all."""
LONG = 3
"""Lines of one fact at most: all of a long report stands on its own page."""
STEPS = 4
"""Steps ahead that are told."""


def heading(whole: Whole, look: Look) -> list[Cell]:
    """One line: state, priority, type, place, id, level."""
    row = whole.row
    pieces = [
        Cell(f" {look.word(f'task.state.{row.told_as}')} ", "here"),
        *_side(row.side, look),
        Cell(
            f" {shape(row.priority, look.ascii)} {look.word(f'task.priority.{row.priority}')}  ", row.priority
        ),
        Cell(f"{look.pick(*row.type_name)}  ", "strong"),
    ]
    pieces.append(Cell(f"{look.word(f'task.level.{row.level}')}  ", LEVEL_TONES.get(row.level, "")))
    if row.supervised:
        pieces.append(Cell(f"{shape('high', look.ascii)} {look.word('taskscreen.supervised_by')}  ", "bad"))
    if row.suspect:
        pieces.append(Cell(f"{shape('suspect', look.ascii)} {look.word('taskscreen.suspect')}  ", "suspect"))
    return pieces


def _side(side: str, look: Look) -> list[Cell]:
    """That the task isn't simply one's own."""
    word = look.word(f"taskscreen.side.{side}") if side else ""
    return [Cell(f" {shape('cursor', look.ascii)} {word} ", "mark")] if word else []


def top(whole: Whole, look: Look, cells: int, most: int = 0) -> Lines:
    """Facts, clocks, what comes next and what can be done; in two halves where there is room.

    Args:
        most: lines that there is room for, where that is little: what is longer than its line is then cut.
    """
    if cells < WIDE:
        parts = (facts, clocks, ahead, acts)
        lines = [line for part in parts for line in part(whole, look, cells)]
        if most and len(lines) > most:
            first = facts(whole, look, cells, cut=True)
            lines = [*first, *(line for part in parts[1:] for line in part(whole, look, cells))]
        return lines
    width = (cells - GAP) // 2
    left = [*facts(whole, look, width), [], *clocks(whole, look, width, half=True)]
    right = [*ahead(whole, look, width, half=True), [], *acts(whole, look, width)]
    return beside(left, right, width)


def beside(left: Lines, right: Lines, width: int) -> Lines:
    """Two columns of lines as one."""
    joined: Lines = []
    for one, other in zip_longest(left, right, fillvalue=()):
        joined.append([*padded(one, width), Cell(" " * GAP), *other])
    return joined


# Facts.


def facts(whole: Whole, look: Look, cells: int, *, cut: bool = False) -> Lines:
    """What, where, who holds it and how to reach them; a fact that is not there takes no line.

    What is longer than a line goes on in the next one, unless it is to be ``cut``.
    """
    page, row, sides = whole.page, whole.row, whole.sides
    lines: Lines = []

    def fact(label: str, text: str, tone: str = "", note: str = "") -> None:
        if text:
            head = fit(look.word(f"taskscreen.fact.{label}"), LABELS[look.language])
            pieces = [Cell(head, "dim"), Cell(text, tone), Cell(f"  {note}" if note else "", "dim")]
            lines.extend([_cut(pieces, cells)] if cut else _whole(pieces, cells, LABELS[look.language]))

    fact("what", look.say(page.title), "strong", look.word(f"taskscreen.origin.{page.origin}"))
    if whole.arbitration:
        told = page.title.args
        fact("offer", f"{told.get('giver', '')} {shape('cursor', look.ascii)} {told.get('receiver', '')}")
    fact(
        "place",
        " › ".join(dict.fromkeys(filter(None, (row.county, row.township, row.place)))).replace("›", "/"),
    )
    for report in sides.reports[:2]:
        caller = " ".join(filter(None, (report.caller, report.phone)))
        fact("told", report.text, note=caller)
    for one in sides.evidence[-EVIDENCE:]:
        stance = look.word(f"evidence.stance.{one.stance}") if one.stance else ""
        note = telling.joined((look.word(f"evidence.{one.kind}"), stance, one.by, one.note))
        fact("evidence", one.ref, note=note)
    for line in task_order.facts(whole.order, look) if whole.order is not None else ():
        fact(*line)
    holder = f"{row.holder_name}" if row.holder else ""
    kind = look.word(f"task.holder.{row.holder_kind}") if row.holder_kind else ""
    fact("holder", holder or look.word("taskscreen.nobody_yet"), "strong" if holder else "dim",
         " ".join(filter(None, (kind, _phone(sides.holder, page.holder_phone)))))  # fmt: skip
    lead = f"{look.word('taskscreen.fact.department')} {sides.department.name} " if sides.department else ""
    fact("centre", sides.centre.name if sides.centre else page.centre,
         note=f"{_phone(sides.centre)}  {lead}{_phone(sides.department)}")  # fmt: skip
    for helper in _helping(sides.co, look, cells - LABELS[look.language]):
        fact("co", helper)
    if sides.offered is not None:
        until = look.word("taskscreen.remark.offered", at=look.moment(row.due))
        fact("offer", f"{sides.offered.name} {sides.offered.phone}".rstrip(), "mark", until)
    if page.result:
        by = look.word("taskscreen.by", name=page.reporter)
        if page.recorder:
            by += look.word("taskscreen.recorded_by", name=page.recorder)
        fact("result", look.word(f"result.{page.result}"), "strong", by)
    if row.asked:
        fact(
            "asked",
            look.word(f"task.asked.{row.asked}"),
            "mark",
            look.word("taskscreen.by", name=page.asked_by),
        )
    if row.supervised:
        fact("supervised", page.supervised_by, "bad")
    for at, why in sides.why[:1]:
        if row.closed is None and row.level != "T":
            fact("why", look.say(why), LEVEL_TONES.get(row.level, ""), look.moment(at))
    for alarm in sides.alarms[:1]:
        more = f" +{len(sides.alarms) - 1}" if len(sides.alarms) > 1 else ""
        value = f"{look.number(alarm.peak or alarm.value, alarm.decimals)} {alarm.unit}".strip()
        tone = alarm.priority if alarm.cleared is None else "dim"
        state = entry(f"alarm.state.{alarm.state}", look.language) or alarm.state
        fact("alarm", f"{alarm.place} {_parameter(alarm.parameter, alarm.parameter_names, look)} {value}", tone,
             f"{state}{more}")  # fmt: skip
    return lines


def _helping(parties: Sequence[Party], look: Look, cells: int) -> list[str]:
    """The co-handling departments with their duty phones: in one line where they fit, else a line each."""
    told = [f"{one.name} {one.phone}".rstrip() for one in parties]
    joined = look.word("taskscreen.listed").join(told)
    return told if cell_len(joined) > cells else [joined]


def _phone(party: Party | None, other: str = "") -> str:
    return party.phone if party is not None and party.phone else other


def _parameter(code: str, names: tuple[str, str], look: Look) -> str:
    return entry(f"parameter.{code}", look.language) or look.pick(*names) or code


def _whole(pieces: Sequence[Cell], cells: int, label: int) -> Lines:
    """A fact with all its words; its note stands on a line of its own where it does not fit beside the rest."""
    head, text, note = pieces
    if sum(cell_len(piece.text) for piece in pieces) <= cells:
        return [list(pieces)]
    indent = " " * label
    lines = fold((head, text), cells, indent)[:LONG]
    told = note.text.strip()
    if told:
        lines += fold((Cell(indent), Cell(told, note.tone)), cells, indent)[:LONG]
    return lines


def _cut(pieces: Sequence[Cell], cells: int) -> list[Cell]:
    """Where a line is too long, the note goes first."""
    if sum(cell_len(piece.text) for piece in pieces) > cells:
        used = sum(cell_len(piece.text) for piece in pieces[:-1])
        room = cells - used
        pieces = [*pieces[:-1], Cell(fit(pieces[-1].text, room) if room > 4 else "", pieces[-1].tone)]
    return list(pieces)


# Clocks.


def clocks(whole: Whole, look: Look, cells: int, *, half: bool = False) -> Lines:
    """The stage's own clock, then those that last over stages, then in one line those that have stopped."""
    running = [clock for clock in whole.page.clocks if clock.stopped is None]
    stopped = [clock for clock in whole.page.clocks if clock.stopped is not None]
    lasting = [clock for clock in running if clock.kind in LASTING]
    lines = [_running(clock, look) for clock in running if clock not in lasting]
    if len(lasting) > 1 and not half:
        lines.append([piece for clock in lasting for piece in _running(clock, look, brief=True)])
    else:
        lines += [_running(clock, look) for clock in lasting]
    if stopped:
        pieces = [Cell(fit(look.word("taskscreen.clock.done"), LABELS[look.language]), "dim")]
        for clock in stopped[-6:]:
            mark = shape("bad" if clock.breached else "good", look.ascii)
            times = f"{look.span(clock.elapsed)}/{look.span(clock.target)}"
            text = f"{clock_name(clock.kind, look)} {times} {mark}  "
            pieces.append(Cell(text, "bad" if clock.breached else "dim"))
        lines += fold(pieces, cells, " " * LABELS[look.language])
    return [one for line in lines for one in fold(line, cells, " " * LABELS[look.language])]


def clock_name(kind: str, look: Look) -> str:
    """A clock's short name."""
    return entry(f"taskscreen.clock.name.{kind}", look.language) or look.word(f"clock.{kind}")


def _running(clock: ClockRow, look: Look, *, brief: bool = False) -> list[Cell]:
    label = fit(clock_name(clock.kind, look), LABELS[look.language])
    used = look.word("taskscreen.clock.used", used=look.span(clock.elapsed), target=look.span(clock.target))
    pieces = [Cell(label, "dim")]
    if clock.paused:
        held = look.word("taskscreen.clock.held", span=look.span(clock.remaining))
        return [*pieces, Cell(held, "dim"), Cell(f"  {used}  ", "dim")]
    if clock.breached or clock.remaining < 0:
        late = look.word("taskscreen.clock.late", span=look.span(max(0, -clock.remaining)))
        pieces.append(Cell(f"{shape('bad', look.ascii)} {late}", "bad"))
    else:
        soon = clock.remaining * 5 <= clock.target
        mark = f"{shape('warn', look.ascii)} " if soon else ""
        left = look.word("taskscreen.clock.left", span=look.span(clock.remaining))
        pieces.append(Cell(f"{mark}{left}", "warn" if soon else "strong"))
    due = look.word("taskscreen.clock.due", at=look.moment(clock.due)) if clock.due is not None else ""
    if clock.unsure is not None:
        due += look.word("taskscreen.clock.unsure", year=clock.unsure)
    return [*pieces, Cell(f"  {due}  " if brief else f"  {used}  {due}", "dim")]


# What comes next, and what can be done.


def ahead(whole: Whole, look: Look, cells: int, *, half: bool = False) -> Lines:
    """What happens unless the task moves first: when, what, who is reached, and for the first one why."""
    title = Cell(f"{look.word('taskscreen.ahead' if half else 'taskscreen.next')} ", "header")
    if whole.row.closed is not None:
        return [[title, Cell(look.word("taskscreen.ended"), "dim")]]
    steps = whole.sides.next[: STEPS if half else 2]
    lines: Lines = [[title]] if half else []
    for number, step in enumerate(steps):
        first = title if number == 0 and not half else Cell(" " * (2 if half else cell_len(title.text)))
        why = Cell(look.say(step.why), "dim") if number == 0 else Cell("")
        if half:
            lines += fold([first, *_step(step, look)], cells, " " * 8)
            lines += fold([Cell(" " * 8), why], cells, " " * 8) if why.text else []
        else:
            lines.append(padded([first, *_step(step, look), Cell("  "), why], cells))
    return lines


def _step(step: NextStep, look: Look) -> list[Cell]:
    who = f"{step.who.name} {step.who.phone}".strip() if step.who else ""
    return [
        Cell(f"{look.moment(step.at)} ", "strong"),
        Cell(look.say(step.what), "warn" if step.kind in ("escalate", "unack", "offer_timeout") else ""),
        Cell(f" {shape('cursor', look.ascii)} {who}" if who else ""),
    ]


def acts(whole: Whole, look: Look, cells: int) -> Lines:
    """The acts that are on, with their keys; a key that is off says why when it is pressed."""
    pieces: list[Cell] = [Cell(f"{look.word('taskscreen.acts')} ", "header")]
    lines: Lines = []
    room = cells - cell_len(pieces[0].text)
    for one in offered("task"):
        act = one.id.removeprefix("task.")
        if (
            not one.id.startswith("task.")
            or not one.keys
            or act == "recall"
            or why_off(whole, act) is not None
        ):
            continue
        key, title = key_name(one.keys[0], look.language), one.title(look.language)
        if whole.arbitration and act == "verify":
            title = look.word("act.settle")
        taken = cell_len(f"{key} {title}  ")
        if taken > room:
            lines.append(pieces)
            pieces, room = [Cell("  ")], cells - 2
        pieces += [Cell(key, "key"), Cell(f" {title}  ")]
        room -= taken
    return [*lines, pieces]


def sheet(whole: Whole, look: Look, cells: int = 78) -> str:
    """The whole page as plain text, for the clipboard and for the command line."""
    row = whole.row
    head = [
        Cell(f"{row.id}  {look.word(f'task.state.{row.told_as}')}  "),
        Cell(f"{look.word(f'task.priority.{row.priority}')}  {look.pick(*row.type_name)}  "),
        Cell(look.word(f"task.level.{row.level}")),
    ]
    parts = (facts, clocks, ahead)
    lines: Lines = [head, *(line for part in parts for line in part(whole, look, cells))]
    lines += [[], [Cell(look.say(Message("taskscreen.log", {"count": len(whole.page.timeline)})))]]
    lines += task_log.timeline(whole, look, cells)
    lines += told_lines(whole.sides.told, look, cells)
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in lines)
