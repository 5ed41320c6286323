"""``gridseat tasks``: who holds what and what is due; with an id, one task with its clocks and its log."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from console.exit import Exit
from console.opening import CommandError, iso, local, opened
from console.output import add_format, emit, headings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from backend.desk.desk import Desk
    from backend.desk.tasks import TaskPage, TaskRow
    from backend.desk.taskside import TaskSides
    from backend.words.say import Language

COLUMNS = (
    "id",
    "state",
    "priority",
    "type",
    "county",
    "township",
    "place",
    "holder",
    "level",
    "due",
    "remaining",
    "breaches",
)
VIEWS = ("open", "mine", "approval", "handed", "closed")
INSTANTS = ("opened", "moved", "due", "closed")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("tasks", help="list tasks, or show one")
    parser.add_argument(
        "id", nargs="?", default="", metavar="ID", help="one task, with its clocks and its log"
    )
    parser.add_argument("--view", choices=VIEWS, default="open", help="which ones (default: open)")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print the tasks as the board orders them, or one of them."""
    with opened(args) as (desk, settings):
        if args.id:
            return _one(args, desk, settings.speaks)
        from backend.desk import tasks

        how = "json" if args.json else "csv" if args.csv_out else ""
        rows = [_line(row, desk.zone, how, settings.speaks) for row in tasks.board(desk, view=args.view)]
        emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK


def _line(row: TaskRow, zone: ZoneInfo, how: str, language: Language) -> dict[str, Any]:
    """A row of the board: codes, seconds and ISO times for programs, words and minutes for people."""
    line: dict[str, Any] = asdict(row)
    for name in INSTANTS:
        line[name] = (iso if how else local)(line[name], zone)
    line["type_name"], line["type_name_en"] = row.type_name
    line["breaches"] = list(row.breaches) if how == "json" else " ".join(row.breaches)
    return line if how else {**line, **_words(row, language)}


def _words(row: TaskRow, language: Language) -> dict[str, Any]:
    from backend.words import word

    minutes = "" if row.remaining is None else str(row.remaining // 60)
    return {
        "state": word(f"task.state.{row.told_as}", language),
        "priority": word(f"task.priority.{row.priority}", language),
        "level": word(f"task.level.{row.level}", language),
        "type": row.type_name[language == "en"] or row.type,
        "holder": row.holder_name,
        "remaining": minutes,
        "breaches": " ".join(word(f"clock.{kind}", language) for kind in row.breaches),
    }


def _one(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    """Print one task: JSON with everything, CSV with its log, else the page as text."""
    from backend.desk import tasks, taskside
    from backend.tasks.ids import validate

    name = validate(args.id) or args.id
    page, sides = tasks.page(desk, name), taskside.sides(desk, name)
    if page is None or sides is None:
        raise CommandError("desk.no_task.command", task=name)
    if args.json:
        json.dump(_json(page, sides, desk.zone), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return Exit.OK
    if args.csv_out:
        columns = (
            "at",
            "kind",
            "actor",
            "on_behalf",
            "channel",
            "from_state",
            "to_state",
            "result",
            "version",
        )
        rows = [{**asdict(act), "at": iso(act.at, desk.zone)} for act in page.timeline]
        emit(args, rows, columns, {})
        return Exit.OK
    from screens.acting.whole import Whole
    from screens.look import Look
    from screens.task_text import sheet

    look = Look(language, desk.zone, desk.now // 60 * 60)
    sys.stdout.write(sheet(Whole(page, sides), look, 100) + "\n")
    return Exit.OK


def _json(page: TaskPage, sides: TaskSides, zone: ZoneInfo) -> dict[str, Any]:
    return {
        **_line(page.row, zone, "json", "en"),
        "incident": page.incident,
        "centre": page.centre,
        "department": page.department,
        "co_departments": list(page.co_departments),
        "reporter": page.reporter,
        "recorder": page.recorder,
        "result": page.result,
        "origin": page.origin,
        "policy_version": page.policy_version,
        "clocks": [
            {
                **asdict(clock),
                "started": iso(clock.started, zone),
                "stopped": iso(clock.stopped, zone),
                "due": iso(clock.due, zone),
            }
            for clock in page.clocks
        ],
        "next": [
            {
                "at": iso(step.at, zone),
                "kind": step.kind,
                "level": step.what.args.get("level"),
                "clock": step.what.args.get("clock"),
                "who": step.who.name if step.who else "",
                "phone": step.who.phone if step.who else "",
            }
            for step in sides.next
        ],
        "log": [
            {
                "at": iso(act.at, zone),
                "occurred": iso(act.occurred, zone),
                "kind": act.kind,
                "actor": act.actor,
                "actor_name": act.actor_name,
                "on_behalf": act.on_behalf,
                "channel": act.channel,
                "from_state": act.from_state,
                "to_state": act.to_state,
                "result": act.result,
                "refusal": act.refusal.code if act.refusal else None,
                "body": dict(act.body),
                "version": act.version,
            }
            for act in page.timeline
        ],
    }
