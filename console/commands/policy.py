"""``gridseat policy``: look at a policy of clocks and escalation, try it out on a month, put it in force."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.words.machine import reason
from console.exit import Exit
from console.opening import CommandError, instant, iso, local, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend.desk.desk import Desk
    from backend.desk.policies import DryRun, Fault
    from backend.words.say import Language

SHOWN = 40
"""Tasks that are named to a person; JSON has them all."""


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("policy", help="check, try out and add a policy of clocks and escalation")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listed = acts.add_parser("list", help="the versions, and which one holds")
    listed.add_argument("--json", action="store_true", help="JSON on standard output")
    shown = acts.add_parser("show", help="print the text of a version")
    shown.add_argument("number", type=int, metavar="VERSION")
    check = acts.add_parser("check", help="say what is wrong with a file, by line")
    check.add_argument("file", type=Path)
    dry = acts.add_parser("dryrun", help="what it would have changed in a month")
    dry.add_argument("file", type=Path)
    dry.add_argument("--month", default="", metavar="YYYY-MM", help="default: the last whole month")
    dry.add_argument("--json", action="store_true", help="JSON on standard output")
    put = acts.add_parser("add", help="put it in force")
    put.add_argument("file", type=Path)
    put.add_argument("--from", dest="since", required=True, metavar="DATE", help="a date or time of the city")
    put.add_argument("--note", default="", help="why")


def run(args: argparse.Namespace) -> int:
    """List, show, check, try out or add."""
    with opened(args) as (desk, settings):
        match args.act:
            case "list":
                return _list(args, desk, settings.speaks)
            case "show":
                return _show(args, desk)
            case "check":
                return _check(args, desk, settings.speaks)
            case "dryrun":
                return _dry_run(args, desk, settings.speaks)
        return _add(args, desk, settings.speaks)


def _text(args: argparse.Namespace, desk: Desk, language: Language) -> str | None:
    """The file's text; None where it is wrong, once every mistake has been said, and what it will soon count wrong."""
    from backend.desk import policies
    from backend.words import say

    try:
        text = policies.read_file(args.file)
    except OSError as error:
        raise CommandError("policy.unreadable", path=str(args.file), error=reason(error)) from error
    except UnicodeDecodeError as error:
        raise CommandError("policy.no_text", path=str(args.file), at=error.start) from error
    except ValueError as error:
        raise CommandError("policy.long", path=str(args.file)) from error
    faults = policies.check(desk, text)
    for fault in faults:
        sys.stdout.write(_said(args.file, fault, language) + "\n")
    for doubt in () if faults else policies.warnings(desk, text):
        sys.stderr.write(f"{args.file}: {say(doubt, language)}\n")
    return None if faults else text


def _said(path: Path, fault: Fault, language: Language) -> str:
    from backend.words import say

    return f"{path}:{fault.line}: {fault.where}: {say(fault.message, language)}"


def _list(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    from backend.desk import policies
    from backend.words import word

    rows = policies.versions(desk)
    if args.json:
        plain = [{**asdict(row), "effective": iso(row.effective or None, desk.zone)} for row in rows]
        json.dump(plain, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return Exit.OK
    for row in rows:
        said = word(
            "policy.version" if row.effective else "policy.own",
            language,
            version=row.version,
            at=local(row.effective, desk.zone),
            tasks=row.open_tasks,
            note=row.note,
        )
        sys.stdout.write(f"{'*' if row.in_force else ' '} {said}\n".rstrip() + "\n")
    return Exit.OK


def _show(args: argparse.Namespace, desk: Desk) -> int:
    from backend.desk import policies

    text = policies.text_of(desk, args.number)
    if text is None:
        raise CommandError("policy.no_version", version=args.number)
    sys.stdout.write(text)
    return Exit.OK


def _check(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    from backend.words import word

    if _text(args, desk, language) is None:
        return Exit.FAILED
    sys.stdout.write(word("policy.sound", language, path=str(args.file)) + "\n")
    return Exit.OK


def _dry_run(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    from backend.desk import policies

    text = _text(args, desk, language)
    if text is None:
        return Exit.FAILED
    try:
        found = policies.dry_run(desk, text, args.month)
    except ValueError as error:
        raise CommandError("policy.no_month", month=args.month) from error
    if args.json:
        plain: dict[str, Any] = asdict(found)
        plain |= {"since": iso(found.since, desk.zone), "until": iso(found.until, desk.zone)}
        json.dump(plain, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _tell(found, language)
    return Exit.OK


def _tell(found: DryRun, language: Language) -> None:
    from backend.words import word

    write = sys.stdout.write
    heads = {"since": found.since, "until": found.until, "tasks": found.tasks, "changed": found.changed}
    write(word("policy.dry", language, **heads, recorded=found.recorded) + "\n")
    _counts("policy.dry_breaches", "clock", found.breaches, language)
    _counts("policy.dry_rises", "task.level", found.rises, language)
    for row in found.rows[:SHOWN]:
        gained = " ".join(word(f"clock.{kind}", language) for kind in row.gained) or "-"
        lost = " ".join(word(f"clock.{kind}", language) for kind in row.lost) or "-"
        said = {
            "task": row.task,
            "gained": gained,
            "lost": lost,
            "now": row.level_now,
            "then": row.level_then,
        }
        write(word("policy.dry_row", language, **said) + "\n")
    if found.changed > SHOWN:
        write(word("policy.dry_more", language, count=found.changed - SHOWN) + "\n")


def _counts(code: str, words: str, counts: Mapping[str, tuple[int, int]], language: Language) -> None:
    from backend.words import word

    sys.stdout.write(word(code, language) + "\n")
    for name, (now, then) in counts.items():
        sys.stdout.write(f"  {word(f'{words}.{name}', language)}  {now} -> {then}  ({then - now:+d})\n")


def _add(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    from backend.desk import policies
    from backend.words import say

    text = _text(args, desk, language)
    if text is None:
        return Exit.FAILED
    done = policies.add(desk, text, instant(args.since, desk.zone), args.note)
    (sys.stdout if done.ok else sys.stderr).write(say(done.message, language) + "\n")
    return Exit.OK if done.ok else Exit.FAILED
