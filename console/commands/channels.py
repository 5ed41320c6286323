"""``gridseat channels``: ways out of the house for notices: list, add, test, switch and remove them."""

from __future__ import annotations

import argparse
import difflib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.words import Message, say, word
from backend.words.machine import reason
from console.exit import Exit
from console.opening import CommandError, iso, local, opened
from console.output import add_format, emit, headings, tell

if TYPE_CHECKING:
    from backend.desk.channels import Spec
    from backend.desk.desk import Desk
    from backend.words import Outcome
    from console.settings import Settings

COLUMNS = (
    "code",
    "kind",
    "grid",
    "below",
    "priority",
    "state",
    "waiting",
    "sent",
    "lost",
    "ok_at",
    "target",
    "error",
)
SENT = ("at", "state", "attempts", "sent_at", "next_at", "id", "notice", "error")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("channels", help="webhooks and commands that notices go out over")
    parser.set_defaults(act="list", json=False, csv_out=False)
    acts = parser.add_subparsers(dest="act", metavar="ACT")
    add_format(acts.add_parser("list", help="every channel and how it does (the default)"))
    show = acts.add_parser("show", help="what went over a channel, and what waits")
    show.add_argument("code")
    add_format(show)
    make = acts.add_parser(
        "add",
        help="add a channel",
        epilog="What is written behind --command goes to it: gridseat channels add sms --grid G --command /opt/sms 138",
    )
    make.add_argument("code", help="its code, or the path of a TOML file with its settings")
    make.add_argument("--url", help="a webhook's address; {secret} in it stands for the secret")
    make.add_argument("--grid", help="it takes what the seats of this grid are told, and of those below")
    make.add_argument("--own", action="store_true", help="not of the grids below it")
    make.add_argument(
        "--priority", help="the lowest priority that it takes: critical, high, medium, low (high)"
    )
    make.add_argument("--secret", help="the NAME of a secret: a file of mode 0600, or GRIDSEAT_SECRET_<NAME>")
    make.add_argument(
        "--language", dest="spoken", choices=["zh", "en"], help="the language of its texts (zh)"
    )
    make.add_argument("--timeout", type=int, help="seconds that it may take (10)")
    make.add_argument("--template", help="a JSON body of the receiver's own, with {text}, {id} and others")
    make.add_argument("--expects", help="what a good answer has in it, where the status does not tell")
    make.add_argument(
        "--command", dest="argv", nargs=argparse.REMAINDER,
        help="a program and its arguments, started without a shell; nothing can follow them",
    )  # fmt: skip
    for name, words in (
        ("test", "send a trial notice over it now"),
        ("on", "switch it on"),
        ("off", "switch it off; what waits goes on waiting"),
        ("remove", "take it away; what waits is dropped"),
    ):
        acts.add_parser(name, help=words).add_argument("code")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    from backend.desk import channels

    with opened(args) as (desk, settings):
        if args.act in ("list", None):
            return _list(args, desk, settings)
        if args.act == "show":
            return _show(args, desk, settings)
        if args.act == "add":
            return _add(args, desk, settings)
        act: dict[str, Callable[[], Outcome]] = {
            "test": lambda: channels.trial(desk, args.code),
            "on": lambda: channels.switch(desk, args.code, on=True),
            "off": lambda: channels.switch(desk, args.code, on=False),
            "remove": lambda: channels.remove(desk, args.code),
        }
        return _say(act[args.act](), settings, failed=Exit.NETWORK if args.act == "test" else Exit.FAILED)


def _list(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.desk import channels

    program = args.json or args.csv_out
    show = iso if program else local
    rows = []
    for row in channels.board(desk):
        spec, counts = row.spec, row.counts
        rows.append(
            {
                "code": spec.code,
                "kind": spec.kind,
                "grid": spec.grid,
                "below": spec.below,
                "priority": spec.priority
                if program
                else word(f"task.priority.{spec.priority}", settings.speaks),
                "state": row.state if program else word(f"channel.state.{row.state}", settings.speaks),
                "waiting": counts.get("waiting", 0),
                "sent": counts.get("sent", 0),
                "lost": counts.get("failed", 0) + counts.get("dropped", 0),
                "ok_at": show(row.ok_at, desk.zone),
                "target": spec.target,
                "secret": spec.secret,
                "error": say(row.error, settings.speaks) if row.error else "",
            }
        )
    emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK


def _show(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.desk import channels

    if all(row.spec.code != args.code for row in channels.board(desk)):
        raise CommandError("channel.refused.unknown", code=args.code)
    program = args.json or args.csv_out
    show = iso if program else local
    rows = [
        {
            "at": show(row.at, desk.zone),
            "state": row.state if program else word(f"channel.delivery.{row.state}", settings.speaks),
            "attempts": row.attempts,
            "sent_at": show(row.sent_at, desk.zone),
            "next_at": show(row.next_at if row.state == "waiting" else None, desk.zone),
            "id": row.id,
            "notice": row.notice,
            "error": say(row.error, settings.speaks) if row.error else "",
        }
        for row in channels.deliveries(desk, args.code, limit=1000)
    ]
    emit(args, rows, SENT, headings(SENT, settings.speaks))
    return Exit.OK


def _add(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.desk import channels

    told = _from_file(Path(args.code)) if args.code.endswith(".toml") else {"code": args.code}
    for name in ("url", "grid", "priority", "secret", "timeout", "template", "expects"):
        if (value := getattr(args, name)) is not None:
            told[name] = value
    if args.spoken:
        told["language"] = args.spoken
    if args.own:
        told["below"] = False
    if args.argv:
        told["argv"] = args.argv
    spec = _spec(told, desk)
    wrong = channels.faults(desk, spec)
    for fault in wrong:
        tell(fault, settings.speaks)
    return Exit.FAILED if wrong else _say(channels.add(desk, spec, machine=True), settings)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CommandError("feed.file.unreadable", file=str(path), error=reason(error)) from error
    except UnicodeDecodeError as error:
        raise CommandError("feed.file.no_text", file=str(path), at=error.start) from error
    except tomllib.TOMLDecodeError as error:
        raise CommandError("channel.fault.toml", error=str(error)) from error
    return {"code": path.stem, **told}


def _spec(told: dict[str, Any], desk: Desk) -> Spec:
    """The channel that is meant; a key that is unknown, or a value of the wrong type, is told."""
    from backend.desk.channels import Spec

    known = {**dict.fromkeys(Spec.__slots__, str), "below": bool, "timeout": int, "argv": list}
    for name, value in told.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1) or [", ".join(known)]
            raise CommandError("channel.fault.unknown", key=name, near=near[0])
        words = name != "argv" or all(isinstance(one, str) for one in value)
        if type(value) is not known[name] or not words:
            raise CommandError("channel.fault.type", key=name)
    kind = told.get("kind") or ("command" if told.get("argv") else "webhook")
    spec = {
        **told,
        "kind": kind,
        "argv": tuple(told.get("argv", ())),
        "grid": told.get("grid", desk.actor.grid),
    }
    return Spec(**spec)


def _say(outcome: Outcome, settings: Settings, *, failed: Exit = Exit.FAILED) -> int:
    tell(Message(outcome.message.code, outcome.message.args), settings.speaks)
    return Exit.OK if outcome.ok else failed
