"""``gridseat keys``: make and revoke keys of machines."""

from __future__ import annotations

import argparse

from backend.words import Message
from console.exit import Exit
from console.output import tell


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("keys", help="make and revoke keys of machines")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    make = acts.add_parser("make", help="make a key; it is shown only once")
    make.add_argument("scope", help="what it opens: push:FEED")
    make.add_argument("--note", default="", help="whose it is")
    revoke = acts.add_parser("revoke", help="end a key")
    revoke.add_argument("id", help="the part before the dot")


def run(args: argparse.Namespace) -> int:
    """Make or revoke a key, by the rights of whoever sits here."""
    from backend.desk import machinekeys
    from console.opening import opened

    with opened(args) as (desk, settings):
        if args.act == "revoke":
            outcome = machinekeys.revoke(desk, args.id)
        else:
            outcome = machinekeys.mint(desk, args.scope, args.note)
        if outcome.ok and args.act == "make":
            tell(Message("access.key_made", {"key": ""}), settings.speaks)
            print(outcome.data["key"])
        else:
            tell(outcome.message, settings.speaks)
        return Exit.OK if outcome.ok else Exit.FAILED
