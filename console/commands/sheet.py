"""``gridseat sheet``: print a task's one-page sheet."""

from __future__ import annotations

import argparse
import json
import sys

from console.exit import Exit
from console.opening import CommandError, opened


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("sheet", help="print a task's one-page sheet")
    parser.add_argument("task", metavar="TASK", help="the task's number")
    parser.add_argument("--json", action="store_true", help="JSON on standard output: code, task, text")


def run(args: argparse.Namespace) -> int:
    """Make a sheet and print it: 80 columns, one page of A4."""
    from backend.desk import sheets
    from backend.tasks.ids import validate
    from console.output import tell

    with opened(args) as (desk, settings):
        if args.json:
            desk.speak(settings.speaks)
        task = validate(args.task) or args.task
        outcome = sheets.print_sheet(desk, task)
        if not outcome.ok and outcome.message.code == "desk.no_task":
            raise CommandError("desk.no_task.command", task=task)
        if not outcome.ok:
            tell(outcome.message, settings.speaks)
            return Exit.FAILED
        if args.json:
            told = {"code": outcome.data["code"], "task": task, "text": outcome.data["text"]}
            json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
            sys.stdout.write("\n")
        else:
            sys.stdout.write(str(outcome.data["text"]))
    return Exit.OK
