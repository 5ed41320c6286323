"""Write ``docs/bad-input.md``: every wrong input that the tests try, and what a person sees then.

    python -m tests.tools.make_bad_input

Each line is a real run: a spoilt pack through the check, a wrong answer over HTTP on loopback into a store. A test
holds the page against them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from backend.city.check import check_pack
from backend.city.faults import Fault
from backend.city.formats import OTHER_FILES, SPECS
from backend.city.template import write_template
from backend.words import Message, say, word
from backend.words.say import Language
from tests.unit import city_cases
from tests.unit.feed_cases import SECTIONS, Case, Section
from tests.unit.feed_trials import Seen, attempt, plain

PAGE = Path(__file__).parents[2] / "docs" / "bad-input.md"
FILES = ("the folder", "city.toml", *(f"{name}.csv" for name in SPECS))
"""Headings that go first."""
LONGEST = 220
"""Letters of what is seen; a page that is shown whole helps nobody."""
INTRO = """# Bad input: what was tried, and what a person sees

Made by `python -m tests.tools.make_bad_input` from real runs; `tests/unit/test_feeds_bad_input.py` and
`tests/unit/test_city_check.py` run the same cases and hold this page against them. Every case of a feed begins with a
reading in the store, which is still there at the end; in no case does anything reach the terminal that could steer it.

## City packs

`gridseat city check DIR` names file and line of every fault; `gridseat city load DIR` loads nothing while there is one.
Each case spoils one thing in the example pack (`gridseat city template DIR`).
"""
FEEDS = """
## Feeds

A poll that fails leaves the watermark where it was, so that what was missed is asked for again. The feeds board shows
the feed's state and the message; its page, and `gridseat feeds show CODE`, the records that were put aside with their
bytes. "Kept" counts the good readings that came beside the bad ones and were stored.
"""
OF_WAY = {
    "poll": "",
    "push": "POSTed to `/v1/push/FEED` of `gridseat hub`, which answers 207 where something was put aside.",
    "file": "Read by `gridseat import readings FILE`.",
    "settings": "Told by `gridseat feeds add FILE`, each fault with its line; nothing is added.",
}


def rendered() -> str:
    """The page."""
    return "\n".join([INTRO, *_packs(), FEEDS, *(line for section in SECTIONS for line in _feeds(section))])


def _packs() -> Iterator[str]:
    files: dict[str, list[str]] = {}
    for case in city_cases.CASES:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "pack"
            write_template(folder)
            case.change(folder)
            files.setdefault(_file(case.file), []).append(pack_line(case, check_pack(folder)))
    for name in sorted(files, key=lambda name: (FILES.index(name) if name in FILES else len(FILES), name)):
        yield from (f"\n### {name}\n", "| tried | where | seen | 所见 |", "|---|---|---|---|", *files[name])


def _file(name: str) -> str:
    """Under which heading a file stands."""
    plain_name = name.removesuffix(".gz")
    table = plain_name.partition(".")[0].partition("-")[0]
    known = plain_name in dict(OTHER_FILES) or table in SPECS
    return plain_name if plain_name in dict(OTHER_FILES) else f"{table}.csv" if known else FILES[0]


def pack_line(case: city_cases.Case, faults: Sequence[Fault]) -> str:
    """A case of a wrong pack, with the fault that it is told by."""
    where = (case.file, case.line)
    fault = next(
        one
        for one in faults
        if one.kind == case.kind and (one.kind == "no_folder" or (one.file, one.line) == where)
    )
    english = f"{say(fault.message, 'en')} {say(fault.hint, 'en')}"
    chinese = say(fault.message, "zh") + say(fault.hint, "zh")
    place = f"line {fault.line}" if fault.line else ""
    return f"| {case.name} | {place} | {_cell(english)} | {_cell(chinese)} |"


def _feeds(section: Section) -> Iterator[str]:
    yield f"\n### {section.title}\n"
    if OF_WAY[section.way]:
        yield OF_WAY[section.way] + "\n"
    settings = section.way == "settings"
    yield "| tried | seen | 所见 |" + ("" if settings else " kept |")
    yield "|---|---|---|" + ("" if settings else "---|")
    for case in section.cases:
        yield feed_line(section, case, attempt(section, case))


def feed_line(section: Section, case: Case, seen: Seen) -> str:
    """A case of a wrong upstream, with what an operator saw."""
    cells = [case.name, _told(seen, "en"), _told(seen, "zh")]
    return "| " + " | ".join(cells if section.way == "settings" else [*cells, str(seen.kept)]) + " |"


def _told(seen: Seen, language: Language) -> str:
    aside = {"en": "put aside: ", "zh": "搁置记录："}[language]
    parts = [say(message, language) for message in seen.told]
    parts += [aside + say(message, language) for message in _once(seen.asides)]
    state = word(f"feed.state.{seen.state}", language) if seen.state not in ("", "ok") else ""
    status = f"HTTP {seen.status}" if seen.status else ""
    return _cell("; ".join(part for part in (status, f"**{state}**" if state else "", *parts) if part))


def _once(messages: list[Message]) -> list[Message]:
    found: list[Message] = []
    for message in messages:
        if message not in found:
            found.append(message)
    return found


def _cell(text: str) -> str:
    text = plain(text).replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


if __name__ == "__main__":
    PAGE.write_text(rendered(), "utf-8")
