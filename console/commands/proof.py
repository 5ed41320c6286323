"""``gridseat proof``: every task that is not done with, who owes it and when something happens next."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from console.exit import Exit
from console.opening import iso, local, opened
from console.output import emit, headings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from backend.desk.proof import Proof
    from backend.words.say import Language

COLUMNS = (
    "id",
    "state",
    "priority",
    "level",
    "owner",
    "clock",
    "due",
    "next_step",
    "next_kind",
    "side",
    "fault",
)


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "proof", help="list every task that is not done with, its owner and its next instant"
    )
    parser.add_argument("--json", action="store_true", help="JSON on standard output")


def run(args: argparse.Namespace) -> int:
    """Print the proof; the exit code says whether a task has no owner or no next instant, or whether nobody watches."""
    with opened(args) as (desk, settings):
        from backend.desk import proof as book

        found = book.proof(desk)
        if args.json:
            json.dump(_json(found, desk.zone), sys.stdout, ensure_ascii=False, indent=1)
            sys.stdout.write("\n")
        else:
            _tell(args, found, desk.zone, settings.speaks)
    return Exit.FAILED if found.faults or found.unsound else Exit.OK


def _json(found: Proof, zone: ZoneInfo) -> dict[str, Any]:
    from backend.words import say

    instants = ("opened", "due", "next_at")
    rows = []
    for row in found.rows:
        line = asdict(row)
        rows.append({**line, **{name: iso(line[name], zone) for name in instants}})
    return {
        "at": iso(found.at, zone),
        "open": len(found.rows),
        "overdue": found.overdue,
        "closed": found.closed,
        "faults": len(found.faults),
        "tasks": rows,
        "voided": [{**asdict(one), "at": iso(one.at, zone)} for one in found.voided],
        "unsound": [say(message, "en") for message in found.unsound],
    }


def _tell(args: argparse.Namespace, found: Proof, zone: ZoneInfo, language: Language) -> None:
    from backend.words import Message, say, word

    rows = [
        {
            "id": row.id,
            "state": word(f"task.state.{row.told_as}", language),
            "priority": word(f"task.priority.{row.priority}", language),
            "level": word(f"task.level.{row.level}", language),
            "owner": row.owner_name,
            "clock": word(f"clock.{row.clock}", language),
            "due": local(row.due, zone),
            "next_step": local(row.next_at, zone),
            "next_kind": word(f"proof.next.{row.next_kind}", language) if row.next_kind else "",
            "side": word(f"proof.side.{row.side}", language) if row.side else "",
            "fault": word(f"proof.fault.{row.fault}", language) if row.fault else "",
        }
        for row in found.rows
    ]
    args.csv_out = False
    if rows:
        emit(args, rows, COLUMNS, headings(COLUMNS, language))
    for one in found.voided:
        sys.stdout.write(say(Message("proof.voided", asdict(one)), language) + "\n")
    told = {"open": len(rows), "overdue": found.overdue, "closed": found.closed, "faults": len(found.faults)}
    sys.stdout.write(say(Message("proof.sum", {"at": found.at, **told}), language) + "\n")
    for message in found.unsound:
        sys.stderr.write(say(message, language) + "\n")
