"""``gridseat handover``: the handovers of one's centres; with an id, one with its items and the audit chain's head."""

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
    from backend.desk.desk import Desk
    from backend.desk.handover import HandoverRow
    from backend.words.say import Language

COLUMNS = ("id", "made", "centre", "outgoing", "incoming", "state", "signed", "items")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("handover", help="list handovers of shifts, or show one")
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="one handover, with its items")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print the handovers, newest first, or one of them."""
    with opened(args) as (desk, settings):
        if args.id:
            return _one(args, desk, settings.speaks)
        from backend.desk import handover

        machine = args.json or args.csv_out
        rows = [_line(row, desk, settings.speaks, machine=machine) for row in handover.board(desk)]
        emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK


def _line(row: HandoverRow, desk: Desk, language: Language, *, machine: bool) -> dict[str, Any]:
    line: dict[str, Any] = asdict(row)
    for name in ("made", "ended"):
        line[name] = (iso if machine else local)(line[name], desk.zone)
    if machine:
        return line
    from backend.words import word

    return {
        **line,
        "centre": row.centre_name,
        "outgoing": row.outgoing_name,
        "incoming": row.incoming_name or row.to_name,
        "state": word(f"handover.state.{row.state}", language),
    }


def _one(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    from backend.desk import handover

    page = handover.page(desk, args.id)
    if page is None:
        raise CommandError("handover.none_such", id=args.id)
    if args.json or args.csv_out:
        items = [
            {
                **asdict(one),
                "code": one.message.code,
                "args": dict(one.message.args),
                "seen": iso(one.seen, desk.zone),
                "signed": iso(one.signed, desk.zone),
            }
            for one in page.items
        ]
        for item in items:
            del item["message"]
        if args.csv_out:
            emit(
                args,
                items,
                ("number", "kind", "item", "priority", "code", "seen", "signed", "signed_by", "remark"),
                {},
            )
            return Exit.OK
        whole = {**_line(page.row, desk, language, machine=True), "count": page.row.items, "items": items}
        json.dump(whole, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return Exit.OK
    from screens.handover_text import sheet
    from screens.look import Look

    sys.stdout.write(sheet(page, Look(language, desk.zone, desk.now)))
    return Exit.OK
