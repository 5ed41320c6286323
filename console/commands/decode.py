"""``gridseat decode``: take frames apart and say what is wrong with them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.text import clean
from backend.words import Message, say
from backend.words.machine import reason
from backend.words.say import Language
from console.exit import Exit
from console.output import tell

if TYPE_CHECKING:
    from backend.feeds.hj212 import Frame, Garbage

LIMIT_MB = 64


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "decode",
        help="decode HJ 212 frames",
        description="Decode HJ 212 frames (2005, 2017, plain 2025). Exits with 1 where a length or a CRC is wrong, "
        "a frame is cut off or encrypted, or there is none.",
    )
    parser.add_argument("format", choices=["hj212"], help="what the file holds")
    parser.add_argument(
        "file", metavar="FILE", help="raw frames, with or without line ends; - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="JSON on standard output")


def run(args: argparse.Namespace) -> int:
    """Decode and print."""
    from backend.feeds.hj212 import Frame, fault_of, split
    from console.settings import load

    language = load(vars(args)).speaks
    raw = _read(args.file, language)
    if raw is None:
        return Exit.FAILED
    pieces = list(split(raw))
    frames = [piece for piece in pieces if isinstance(piece, Frame)]
    if args.json:
        rows = [_row(piece, language) for piece in pieces]
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        for piece in pieces:
            _print(piece, language)
    if not frames:
        tell(Message("hj212.none"), language)
        return Exit.FAILED
    bad = sum(fault_of(frame) is not None for frame in frames)
    if not args.json:
        tell(
            Message("hj212.report", {"frames": len(frames), "good": len(frames) - bad, "bad": bad}), language
        )
    return Exit.FAILED if bad or len(frames) != len(pieces) else Exit.OK


def _read(name: str, language: Language) -> bytes | None:
    limit = LIMIT_MB * 1024 * 1024
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(limit + 1)
    except OSError as error:
        told = {"path": clean(name), "error": reason(error)}
        tell(Message("hj212.unreadable", told), language)
        return None
    if len(raw) > limit:
        tell(Message("hj212.large", {"path": clean(name), "limit": LIMIT_MB}), language)
        return None
    return raw


def _row(piece: Frame | Garbage, language: Language) -> dict[str, Any]:
    from backend.feeds.hj212 import Frame, default_options, fault_of, page

    if not isinstance(piece, Frame):
        message = Message("hj212.garbage", {"bytes": len(piece.raw)})
        return {"offset": piece.offset, "fault": _fault(message, language), "raw": _text(piece.raw)}
    fault = fault_of(piece)
    taken = page(piece.raw, default_options())
    return {
        "offset": piece.offset,
        "edition": piece.edition,
        "length": {"declared": piece.declared, "actual": len(piece.segment), "ok": piece.length_ok},
        "crc": {"given": clean(piece.given), "calculated": piece.calculated, "ok": piece.crc_ok},
        "encrypted": piece.sealed,
        "resent": piece.resent,
        "fields": {clean(key): _field(key, value) for key, value in piece.fields.items()},
        "data_time": clean(piece.value("DataTime")),
        "factors": [] if piece.sealed else _factors(piece),
        "readings": [
            {
                "station": record.station,
                "parameter": record.parameter,
                "start": record.start,
                "period": record.period,
                "value": record.value,
                "qualifier": record.qualifier,
                "flag": record.device,
            }
            for record in taken.records
        ],
        "fault": None if fault is None else _fault(fault, language),
        "notes": [] if fault is not None else [_fault(aside.reason, language) for aside in taken.asides],
        "raw": _text(piece.raw),
    }


def _fault(message: Message, language: Language) -> dict[str, Any]:
    return {"code": message.code, "args": dict(message.args), "text": say(message, language)}


def _factors(frame: Frame) -> list[dict[str, Any]]:
    from backend.feeds.hj212.options import code_table

    known = code_table()["factors"]
    names = {spelling: row["name"] for code, row in known.items() for spelling in (code, *row["also"])}
    return [
        {
            "code": clean(code),
            "name": names.get(code, ""),
            "values": {clean(kind) or "": clean(value) for kind, value in values.items()},
        }
        for code, values in frame.factors.items()
        if set(values) - {""}
    ]


def _field(key: str, value: str) -> str:
    # The password of a device has no place in what is printed and pasted.
    return "***" if key == "PW" else clean(value)


def _text(raw: bytes) -> str:
    head, mark, rest = raw.partition(b"PW=")
    if mark:
        raw = head + b"PW=***" + rest[rest.find(b";") if b";" in rest else len(rest) :]
    return clean(raw, limit=12_000)


def _print(piece: Frame | Garbage, language: Language) -> None:
    row = _row(piece, language)
    out = sys.stdout.write
    if "edition" not in row:
        out(f"@{row['offset']}  !! {row['fault']['text']}\n     {clean(row['raw'], limit=100)}\n\n")
        return
    fields = row["fields"]
    command = _command(fields.get("CN", ""))
    out(f"@{row['offset']}  HJ 212-{row['edition']}  {command}{'  RF=1' if row['resent'] else ''}\n")
    out("     " + "  ".join(f"{key}={value}" for key, value in fields.items()) + "\n")
    length, crc = row["length"], row["crc"]
    out(f"     len {length['declared']}/{length['actual']} {_mark(length['ok'])}")
    out(
        f"  CRC {crc['given'] or '----'}/{crc['calculated']} {'?' if row['encrypted'] else _mark(crc['ok'])}\n"
    )
    if row["data_time"]:
        out(f"     DataTime {row['data_time']}\n")
    for factor in row["factors"]:
        values = "  ".join(f"{kind}={value}" for kind, value in factor["values"].items())
        out(f"     {factor['code']:<8} {factor['name'] or '?'}  {values}\n")
    for problem in _problems(row):
        out(f"     !! {problem}\n")
    out("\n")


def _problems(row: dict[str, Any]) -> Iterable[str]:
    if row["fault"]:
        yield row["fault"]["text"]
    for note in row["notes"]:
        yield note["text"]


def _command(code: str) -> str:
    from backend.feeds.hj212.options import code_table

    row = code_table()["commands"].get(code)
    return f"CN={code} {row['name']}" if row else f"CN={code}"


def _mark(ok: bool) -> str:
    return "ok" if ok else "WRONG"
