"""Read a pack's files as text: gzip, encoding and byte order marks, each fault with what to do."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from backend.city.faults import Faults, nearest
from backend.city.formats import OTHER_FILES, SPECS, TEMPLATES
from backend.words.machine import reason

LIMIT = 256 * 1024 * 1024
"""No text of a pack is larger; a small gzip that would fill the memory stops here."""
_TABLE_FILE = re.compile(r"([a-z_]+)(?:-[A-Za-z0-9_]+)?\.csv(?:\.gz)?")
_IGNORED = (".md", ".txt")


def table_files(folder: Path, faults: Faults) -> dict[str, list[Path]]:
    """The files of each table, in order of name; files that belong to nothing are faults."""
    found: dict[str, list[Path]] = {}
    known = [*(f"{name}.csv" for name in SPECS), *(name for name, _required in OTHER_FILES)]
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")) or path.suffix in _IGNORED:
            continue
        if path.name == TEMPLATES and path.is_dir():
            continue
        match = _TABLE_FILE.fullmatch(path.name)
        if match and match[1] in SPECS and path.is_file():
            found.setdefault(match[1], []).append(path)
        elif _plain_name(path.name) not in known or not path.is_file():
            plain = path.name.removesuffix(".gz")
            faults.add(path.name, 0, "unknown_file", near=nearest(plain, known) or "-")
    for name, paths in found.items():
        stems = [_plain_name(path.name) for path in paths]
        for path, stem in zip(paths, stems, strict=True):
            if stems.count(stem) > 1 and path.suffix == ".gz":
                faults.add(path.name, 0, "twice_file", other=stem)
        found[name] = paths
    return found


def other_file(folder: Path, name: str) -> Path | None:
    """The file of that name, plain or gzipped."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    return None


def template_files(folder: Path) -> list[Path]:
    """The pack's own templates of reports, in order of name."""
    inside = folder / TEMPLATES
    if not inside.is_dir():
        return []
    return [path for path in sorted(inside.iterdir()) if path.is_file() and not path.name.startswith(".")]


def read_templates(folder: Path, faults: Faults) -> dict[str, str]:
    """The texts of the pack's own templates, as ``template:<file>``; what they may name is a later room's to judge."""
    found = {f"template:{path.name}": read_text(path, faults) for path in template_files(folder)}
    return {name: text for name, text in found.items() if text is not None}


def _plain_name(name: str) -> str:
    return name.removesuffix(".gz")


def read_text(path: Path, faults: Faults) -> str | None:
    """The file's text without its byte order mark; None where nothing can be read of it.

    A file in GBK is a fault, but its text is given back so that its other faults are found in the same run.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.add(path.name, 0, "unreadable", error=reason(error))
        return None
    if path.suffix == ".gz":
        unpacked = _unzip(raw)
        if unpacked is None:
            faults.add(path.name, 0, "gzip")
            return None
        raw = unpacked
    if len(raw) > LIMIT:
        faults.add(path.name, 0, "too_large", limit=LIMIT // 1024 // 1024)
        return None
    return _decode(path.name, raw, faults)


def _decode(name: str, raw: bytes, faults: Faults) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    if not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            faults.add(name, line, "gbk", file=name)
            return text
    faults.add(name, line, "not_utf8", file=name)
    return None


def _unzip(raw: bytes) -> bytes | None:
    machine = zlib.decompressobj(wbits=31)
    try:
        text = machine.decompress(raw, LIMIT + 1)
    except zlib.error:
        return None
    whole = machine.eof or len(text) > LIMIT
    return text if whole else None
