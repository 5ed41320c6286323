"""``gridseat audit``: whether the audit chain holds, and what was done to the product by whom."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from backend.words import Message, entry, say
from console.exit import Exit
from console.opening import CommandError, in_order, instant, iso, local, opened
from console.output import add_format, emit, headings, tell

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from console.settings import Settings

COLUMNS = ("id", "at", "actor", "actor_name", "act", "subject", "detail")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("audit", help="verify the audit chain, or search it")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = acts.add_parser("verify", help="0 where the chain holds, 1 where it does not")
    verify.add_argument("--head", default="", help="a head that was printed: it must be in the chain")
    verify.add_argument("--json", action="store_true", help="JSON on standard output")
    show = acts.add_parser("list", help="what was done, the newest first")
    show.add_argument("--find", default="", help="words in the act, its subject, its details or the person")
    show.add_argument(
        "--from", dest="since", default="", help="from this time on: 2026-11-01, 2026-11-01T08:00"
    )
    show.add_argument("--to", dest="until", default="", help="before this time")
    show.add_argument("--person", dest="by", default="", help="a code, or a part of a name")
    show.add_argument("--limit", type=int, default=1000, help="lines at most (1000)")
    add_format(show)
    rebase = acts.add_parser("rebase", help="begin the head outside anew, after a backup was brought back")
    rebase.add_argument("--reason", required=True, help="why; it is noted in the chain")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    from backend.desk import audit

    with opened(args) as (desk, settings):
        why = audit.refusal(desk)
        if why is not None:
            tell(why, settings.speaks)
            return Exit.FAILED
        if args.act == "verify":
            return _verify(args, desk, settings)
        if args.act == "list":
            return _list(args, desk, settings)
        outcome = audit.rebase(desk, args.reason)
        tell(outcome.message, settings.speaks)
        return Exit.OK if outcome.ok else Exit.FAILED


def _verify(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.desk import audit

    verdict = audit.verify(desk, args.head)
    if args.json:
        body = {
            "holds": verdict.holds,
            "rows": verdict.rows,
            "last": verdict.last,
            "head": verdict.head,
            "faults": [
                {"kind": one.kind, "row": one.row, "text": say(one.message, settings.speaks)}
                for one in verdict.faults
            ],
        }
        json.dump(body, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for one in verdict.faults:
            print(say(one.message, settings.speaks))
        code = "audit.holds" if verdict.holds else "audit.broken"
        told = Message(code, {"rows": verdict.rows, "head": verdict.head, "count": len(verdict.faults)})
        print(say(told, settings.speaks))
    return Exit.OK if verdict.holds else Exit.FAILED


def _list(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.desk import audit

    program = args.json or args.csv_out
    since = instant(args.since, desk.zone) if args.since else None
    until = instant(args.until, desk.zone) if args.until else None
    if since is not None:
        in_order(since, desk.now + 1 if until is None else until, (args.since, args.until))
    rows = audit.board(
        desk, find=args.find, since=since, until=until, person=args.by, limit=max(1, args.limit)
    )
    if args.by and not rows and not audit.is_known(desk, args.by):
        raise CommandError("audit.nobody", person=args.by)
    lines = [
        {
            "id": row.id,
            "at": (iso if program else local)(row.at, desk.zone),
            "actor": row.actor,
            "actor_name": row.actor_name,
            "act": row.act if program else entry(f"audit.act.{row.act}", settings.speaks) or row.act,
            "subject": row.subject,
            "detail": row.detail,
            **({"body": dict(row.body), "digest": row.digest} if args.json else {}),
        }
        for row in rows
    ]
    emit(args, lines, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK
