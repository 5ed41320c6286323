"""The log of a task in words: every act, what moved by it, who did it for whom, and what they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.words.say import entry
from screens.acting.whole import Whole
from screens.columns import Cell
from screens.look import Look
from screens.telling import reasons
from screens.tones import shape
from screens.widgets.sheet import flow, padded

if TYPE_CHECKING:
    from backend.desk.tasks import TimelineRow

Lines = list[list[Cell]]
TEXTS = ("to", "result", "priority", "reason", "note", "ref", "evidence", "distance", "recheck")
"""What people wrote into an act, in the order in which it is told."""


def timeline(whole: Whole, look: Look, cells: int) -> Lines:
    """Every act, the newest first: when, what, who, for whom, through which channel; refused ones with why."""
    lines: Lines = []
    for act in reversed(whole.page.timeline):
        lines += _entry(act, look, cells)
    return lines


def _entry(act: TimelineRow, look: Look, cells: int) -> Lines:
    refused, system = act.result == "refused", act.actor == "SYS"
    name = act.actor_name
    if act.of_name:
        name = look.word("taskscreen.of", name=name, department=act.of_name)
    who = look.word("taskscreen.for", name=name, behalf=act.behalf_name) if act.on_behalf else name
    if act.for_name:
        who += look.word("dutyscreen.for", name=act.for_name)
    moved = ""
    if act.from_state != act.to_state and act.to_state and not refused:
        moved = look.word(f"task.state.{act.to_state}")
    target = aimed(act, look)
    head = [
        Cell(f" {look.moment(act.at)} ", "dim"),
        Cell(called(act, look), "bad" if refused or act.kind in ("breach", "escalate") else "strong"),
        Cell(f" {target}" if target else ""),
        Cell(f"  {who}"),
        Cell(
            "" if system else f"  {look.word(f'task.channel.{act.channel}')}",
            "mark" if act.on_behalf else "dim",
        ),
        Cell(f"  {shape('cursor', look.ascii)} {moved}" if moved else "", "good"),
    ]
    if act.occurred < act.at - 60:
        head.append(Cell(f"  {look.word('taskscreen.occurred', at=look.moment(act.occurred))}", "warn"))
    if act.uncertain:
        head.append(Cell(f"  {look.word('taskscreen.uncertain', seconds=act.uncertain)}", "warn"))
    if act.result == "same":
        head.append(Cell(f"  {look.word('taskscreen.same')}", "dim"))
    lines: Lines = [padded(head, cells)]
    indent = " " * 7
    if act.refusal is not None:
        told = f"{look.word('taskscreen.refused')}{look.say(act.refusal)}"
        lines += flow(told, cells, "bad", indent)
    if text := said(act, look):
        lines += flow(text, cells, "", indent)
    return lines


def called(act: TimelineRow, look: Look) -> str:
    """What an act is called; a miss by the clock that was missed, where the log has it."""
    name = look.word(f"act.{act.kind}")
    cause = act.body.get("cause") if act.kind == "breach" else None
    if not cause:
        return name
    own = entry(f"act.breach.{cause}", look.language)
    why = own or entry(f"escalation.cause.{cause}", look.language)
    if why is None or own or entry(f"clock.{cause}", look.language):
        return why or name
    return f"{name}{look.word('taskscreen.brackets', text=why)}"


def aimed(act: TimelineRow, look: Look) -> str:
    """To whom, or to which level."""
    if act.kind == "escalate":
        level, cause = act.body.get("to_level"), act.body.get("cause")
        told = look.word(f"task.level.{level}") if level else ""
        why = entry(f"escalation.cause.{cause}", look.language) if cause else None
        return f"{told}{look.word('taskscreen.brackets', text=why) if why else ''}"
    return f"{shape('cursor', look.ascii)} {act.target_name}" if act.target_name else ""


def said(act: TimelineRow, look: Look) -> str:
    """What the actor wrote."""
    parts: list[str] = []
    for key in TEXTS:
        value = act.body.get(key)
        if not value or (key == "priority" and act.kind == "propose"):
            continue
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        if key == "result":
            text = look.word(f"result.{text}") if entry(f"result.{text}", look.language) else text
        if key == "note" and text == "restored" and isinstance(at := act.body.get("at"), int):
            text = look.word("taskscreen.restored", at=look.moment(at))
        if key == "to":
            text = entry(f"task.verdict.{text}", look.language) or text
        if key == "reason" and all(entry(f"quality.reason.{code}", look.language) for code in text.split()):
            # The product's own doubt is what the checks said of the data.
            text = reasons(text, look)
        elif key == "reason":
            text = entry(f"task.reason.{text}", look.language) or text
        if key == "recheck":
            text = entry(f"taskscreen.recheck.{text}", look.language) or text
        if key == "priority":
            text = entry(f"task.priority.{text}", look.language) or text
        parts.append(look.word("taskscreen.said", what=look.word(f"taskscreen.said.{key}"), text=text))
    return "  ".join(parts)
