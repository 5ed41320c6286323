"""``gridseat doctor``: what is wrong with this seat, and how to mend it."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

from backend.words import Message, say, word
from console.exit import Exit
from console.settings import Settings, config_file, load

if TYPE_CHECKING:
    from backend.desk.doctor import Finding


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("doctor", help="say what is wrong with this seat and how to mend it")
    parser.add_argument("--json", action="store_true", help="JSON on standard output")


def run(args: argparse.Namespace) -> int:
    """Print what was found; the exit code says whether there is a fault."""
    from backend.clock import SystemClock
    from backend.desk.doctor import examine, none_yet
    from backend.store import Store, StoreError

    settings = load(vars(args))
    findings = _terminal(settings)
    try:
        store = Store.open(settings.store, begin=False)
    except StoreError as error:
        if error.message.code != "store.none":
            raise
        findings.append(none_yet(str(error.message.args["path"])))
    else:
        try:
            findings += examine(store, settings.person, SystemClock().now(), time.time())
        finally:
            store.close()
    faults = sum(finding.state == "fault" for finding in findings)
    if args.json:
        json.dump(
            [_plain(finding, settings) for finding in findings], sys.stdout, ensure_ascii=False, indent=1
        )
        print()
    else:
        for finding in findings:
            print(
                f"{word('doctor.state.' + finding.state, settings.speaks):6}{say(finding.what, settings.speaks)}"
            )
            if finding.mend is not None:
                print(f"      -> {say(finding.mend, settings.speaks)}")
        verdict = Message("doctor.verdict", {"count": faults}) if faults else Message("doctor.verdict_ok")
        print(say(verdict, settings.speaks))
    return Exit.FAILED if faults else Exit.OK


def _plain(finding: Finding, settings: Settings) -> dict[str, object]:
    return {
        "state": finding.state,
        "code": finding.what.code,
        "args": dict(finding.what.args),
        "text": say(finding.what, settings.speaks),
        "mend": say(finding.mend, settings.speaks) if finding.mend else None,
    }


def _driver(settings: Settings) -> list[Finding]:
    """Which driver the console would open with, and what that one lacks."""
    from backend.desk.doctor import Finding
    from console.terminal.seams import hears, missing

    if lacking := missing():
        what = Message("doctor.driver_stock", {"seams": ", ".join(lacking[:3])})
        deaf = [] if hears() else [Finding("note", Message("doctor.deaf"))]
        return [Finding("note", what, Message("doctor.mend_driver")), *deaf]
    return [Finding("ok", Message("doctor.driver_asked" if settings.stock_terminal else "doctor.driver"))]


def _abilities(settings: Settings, term: str) -> list[Finding]:
    """What the terminal is taken for, what it says itself, and when the mode for slow lines comes."""
    from backend.desk.doctor import Finding
    from console.terminal.survey import CAN, colours, taken_for

    speaks = settings.speaks
    can, named = taken_for(os.environ)
    comma = "、" if speaks == "zh" else ", "
    listed = {
        able: comma.join(
            word(f"doctor.can.{name}", speaks) for name in CAN if bool(getattr(can, name)) == able
        )
        for able in (True, False)
    }
    source = word(f"doctor.taken.{'named' if named else 'unnamed'}", speaks, term=term)
    taken = {"source": source, "can": listed[True] or "-", "cannot": listed[False] or "-"}
    deep = colours(os.environ, theme=settings.theme, lite=settings.lite, none=not can.colours)
    shown = {"depth": word(f"doctor.depth.{deep.depth}", speaks), "why": deep.why}
    return [
        Finding("ok", Message("doctor.taken", taken)),
        Finding("ok", Message("doctor.colours", shown)),
        *_answers(settings),
        Finding("ok", _lite(settings)),
    ]


def _answers(settings: Settings) -> list[Finding]:
    """What the terminal says when it is asked."""
    from backend.desk.doctor import Finding
    from console.terminal.survey import LIMIT, ask

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return [Finding("ok", Message("doctor.unasked"))]
    sys.stdout.flush()
    found = ask(sys.stdin.fileno())
    if found is None:
        return [Finding("note", Message("doctor.silent", {"ms": round(LIMIT * 1000)}))]

    def told(answer: bool | None, yes: str = "yes", no: str = "no", unknown: str = "unknown") -> str:
        name = unknown if answer is None else yes if answer else no
        return word(f"doctor.answer.{name}", settings.speaks)

    findings = [
        Finding(
            "ok",
            Message(
                "doctor.answered",
                {
                    "ms": max(1, round(found.seconds * 1000)),
                    "sync": told(found.sync),
                    "repeat": told(found.repeat),
                    "wide": told(found.wide, "two", "one", "cells"),
                },
            ),
        )
    ]
    if found.wide and not settings.wide:
        findings.append(Finding("note", Message("doctor.wide"), Message("doctor.mend_wide")))
    return findings


def _lite(settings: Settings) -> Message:
    from console.terminal.judge import LIMIT

    if settings.told("lite"):
        return Message(f"doctor.lite_{'on' if settings.lite else 'off'}", {"why": settings.origin["lite"]})
    return Message("doctor.lite_measured", {"rate": round(LIMIT * 8 / 1000)})


def _terminal(settings: Settings) -> list[Finding]:
    from backend.desk.doctor import Finding
    from console.terminal import deaf
    from console.terminal.abilities import abilities
    from console.terminal.charset import charset, no_unicode

    term, encoding = os.environ.get("TERM", ""), sys.stdout.encoding or "?"
    columns, lines = shutil.get_terminal_size()
    findings = []
    # As the console itself refuses it; what obeys nothing of ours is asked nothing either.
    draws = not deaf(os.environ) and abilities().moves
    if not draws:
        dumb = Message("doctor.terminal_dumb", {"term": term or "-"})
        findings.append(Finding("note", dumb, Message("doctor.mend_terminal")))
    else:
        shown = {"term": term, "size": f"{columns}x{lines}", "encoding": encoding}
        findings.append(Finding("ok", Message("doctor.terminal", shown)))
    if not (writes := charset(os.environ)).unicode:
        findings.append(Finding("note", no_unicode(writes.named)))
    elif encoding.lower().replace("-", "") != "utf8":
        encoded = Message("doctor.encoding", {"encoding": encoding})
        findings.append(Finding("note", encoded, Message("doctor.mend_encoding")))
    if draws:
        findings += _abilities(settings, term)
    findings += _driver(settings)
    told = (
        ", ".join(f"{name}: {origin}" for name, origin in settings.origin.items() if origin != "default")
        or "-"
    )
    findings.append(Finding("ok", Message("doctor.settings", {"path": str(config_file()), "state": told})))
    return findings
