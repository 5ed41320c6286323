"""``gridseat``: the console, and the commands for scripts.

Nothing heavy is imported here: ``--help`` and ``--version`` load neither Textual nor the store, and a command's
module is imported only when it is the one that is called.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING

from console.exit import Exit

if TYPE_CHECKING:
    from backend.words import Message

COMMANDS = {
    "demo": "a replayed city on this machine, with nothing else to install",
    "stations": "list the stations and what they say now",
    "readings": "print readings of a station",
    "quality": "list flagged values, the rates of data, what can still become valid",
    "hotspots": "hot grids, with why and what speaks against them",
    "alarms": "list alarms",
    "trace": "rank the sources that may have done it",
    "tasks": "list tasks, or show one",
    "forecast": "the hours to come at every air station, with intervals",
    "handover": "list handovers of shifts, or show one",
    "report": "print a shift log or a daily report",
    "sheet": "print a task's one-page sheet",
    "proof": "list every task that is not done with, its owner and its next instant",
    "policy": "check, try out and add a policy of clocks and escalation",
    "feeds": "list, add, poll and switch feeds",
    "people": "list who can sit here",
    "city": "check, load or begin a city pack",
    "import": "read a file of readings into the store",
    "decode": "decode HJ 212 frames",
    "aqi": "compute the AQI of concentrations",
    "agent": "run the jobs without a screen",
    "hub": "serve the HTTP side",
    "keys": "make and revoke keys of machines",
    "audit": "verify the audit chain, or search it",
    "channels": "webhooks and commands that notices go out over",
    "backup": "copy the store while it is in use",
    "restore": "bring a backup back",
    "doctor": "say what is wrong with this seat and how to mend it",
}


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """The parser; only ``command`` gets its own arguments, since only its module is imported."""
    parser = argparse.ArgumentParser(
        prog="gridseat",
        description="A console for grid-based environmental supervision (网格化环境监管). "
        "Without a command it opens the console.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    add_seat_arguments(parser)
    sub = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        if name == command:
            import_module(f"console.commands.{_module(name)}").add(sub)
        else:
            sub.add_parser(name, help=summary)
    return parser


def add_seat_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which store, who, and how to draw."""
    parser.add_argument("--store", metavar="PATH", help="the store: a file, or a database URL")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="the code of the person who sits here")
    parser.add_argument(
        "--lang", dest="language", choices=["zh", "en"], help="language; the locale decides otherwise"
    )
    parser.add_argument(
        "--mouse", action="store_true", default=None, help="let the mouse work (off by default)"
    )
    parser.add_argument("--ascii", action="store_true", default=None, help="draw with ASCII characters only")
    parser.add_argument(
        "--wide",
        action="store_true",
        default=None,
        help="the terminal draws blocks two cells wide: no pictures",
    )
    parser.add_argument(
        "--lite",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="for slow lines: 16 colours, a pointer for a bar, letters for a map; measured where not said",
    )
    parser.add_argument("--theme", choices=["dark", "light", "mono"], help="colours")
    parser.add_argument(
        "--stock-terminal",
        action="store_true",
        default=None,
        help="draw with the framework's own terminal driver, behind the filter alone",
    )


def _seat_alone(words: Sequence[str]) -> argparse.Namespace | None:
    """The arguments of the console itself; None where there is a command, a wish for help or something wrong in them.

    A start does without the parsers of all commands: to make them takes as long as to draw the screen once.
    """
    parser = argparse.ArgumentParser(prog="gridseat", add_help=False, exit_on_error=False)
    parser.add_argument("--version", action="store_true")
    add_seat_arguments(parser)
    try:
        args, rest = parser.parse_known_args(words)
    except argparse.ArgumentError:
        return None
    args.command = None
    return None if rest else args


def _module(name: str) -> str:
    return f"{name}_" if name == "import" else name


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``gridseat`` and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _stand_in()
    _speak_its_letters()
    args = _seat_alone(words)
    if args is None:
        args = build_parser(next((word for word in words if word in COMMANDS), None)).parse_args(words)
    if args.version:
        from importlib.metadata import version

        print(f"gridseat {version('gridseat')}")
        return Exit.OK
    try:
        if args.command:
            return int(import_module(f"console.commands.{_module(args.command)}").run(args))
        return int(import_module("console.seat").run(args))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (| head): that is no fault of ours, and no trace helps.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except Exception as error:
        return _expected(error, args) or _fault(error, args)


def _stand_in() -> None:
    """Put something in the place of a standard stream that is closed (``2>&-``).

    The next file that is opened would get its number: frames would go into the store.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # The lowest number that is free, which is this one: those before it are taken by now.
            handle = os.open(os.devnull, os.O_RDWR)
            stream = open(handle, "w" if number else "r", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _speak_its_letters() -> None:
    """To a terminal goes text and nothing else, in letters that it has; files and pipes get all."""
    if not (sys.stdout.isatty() or sys.stderr.isatty()):
        return
    from console.terminal.charset import charset
    from console.terminal.printed import guard

    if not charset(os.environ).unicode:
        _in_ascii()
    guard()


def _in_ascii() -> None:
    """Where the terminal has no UTF-8, send it marks instead of bytes that it can't show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.isatty():
            utf8 = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(encoding="ascii" if utf8 else None, errors="replace")


def _expected(error: Exception, args: argparse.Namespace) -> Exit | None:
    """Tell the errors that a person can mend; None for one that is ours."""
    message = getattr(error, "message", None)
    from backend.words import Message

    store = sys.modules.get("backend.store")
    if store is not None and store.away(error):
        message = Message("store.away")
    if not isinstance(message, Message):
        return None
    _tell(message, args)
    return Exit.STORE if message.code.startswith("store.") else Exit.FAILED


def _fault(error: Exception, args: argparse.Namespace) -> Exit:
    """Keep an error of ours, and tell where: its own words may quote what came from outside, bytes for the terminal."""
    from backend.words import Message
    from console.crash import keep

    _tell(Message("ui.fault", {"error": type(error).__name__, "path": str(keep(error))}), args)
    return Exit.FAILED


def _tell(message: Message, args: argparse.Namespace) -> None:
    from console.output import tell
    from console.settings import Settings, SettingsError, load

    flags = vars(args)
    try:
        settings = load(flags)
    except SettingsError:
        # What is told may be that very error: the language is what was said of it alone.
        settings = Settings(language=flags.get("language") or os.environ.get("GRIDSEAT_LANG", ""))
    tell(message, settings.speaks)


if __name__ == "__main__":
    sys.exit(main())
