"""``gridseat keys``: make and revoke keys of machines."""

from __future__ import annotations

import argparse
import sys

from backend.words import Message, say
from console.exit import Exit
from console.settings import load


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
    """Make or revoke a key on this machine's store."""
    from backend.access.audit import append
    from backend.access.keys import issue, revoke
    from backend.clock import SystemClock
    from backend.store import Store

    settings = load(vars(args))
    store, now = Store.open(settings.store), SystemClock().now()
    actor = settings.person or "console"
    try:
        with store.write() as connection:
            if args.act == "revoke":
                done = revoke(connection, args.id, now)
                append(connection, actor, "key.revoke", args.id, now, done=done)
                return Exit.OK if done else Exit.FAILED
            key = issue(connection, args.scope, args.note, actor, now)
            append(connection, actor, "key.make", args.scope, now, id=key.partition(".")[0])
    finally:
        store.close()
    sys.stderr.write(say(Message("access.key_made", {"key": ""}), settings.speaks) + "\n")
    print(key)
    return Exit.OK
