"""What `city check` says of wrong packs: for every file, what was tried and what the person sees.

Each case spoils one thing in the example pack and names the fault, its file and its line. Together they cover every
fault that there is words for.
"""

from __future__ import annotations

import gzip
import re
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.city.check import check_pack
from backend.city.columns import columns_page, documentation
from backend.city.formats import OTHER_FILES
from backend.city.template import write_template
from backend.desk.packs import check
from backend.words import say
from backend.words.entries.pack import FAULTS, HINTS
from backend.words.say import Language
from tests.tools.make_bad_input import PAGE, pack_line
from tests.unit.city_cases import CASES, VEHICLES, Case, drop, put, recode, swap


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the example pack to spoil."""
    folder = tmp_path / "pack"
    write_template(folder)
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_input_is_told_with_place_and_remedy(pack: Path, case: Case) -> None:
    case.change(pack)
    faults = check_pack(pack)
    found = [fault for fault in faults if fault.kind == case.kind]
    assert found, [(fault.file, fault.line, fault.message) for fault in faults]
    # The page is made of the same runs: `python -m tests.tools.make_bad_input`.
    assert pack_line(case, faults) in PAGE.read_text("utf-8").splitlines()
    told = {(fault.file, fault.line) for fault in found}
    if case.kind == "no_folder":
        assert len(faults) == 1
        return
    assert (case.file, case.line) in told
    hints = " ".join(say(fault.hint, "en") + say(fault.message, "en") for fault in found)
    assert case.hint in hints


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_file_and_column_is_explained(language: Language) -> None:
    rows = documentation((language,))
    assert [row for row in rows if not row[5]] == []
    page = columns_page(language)
    for file in {row[0] for row in rows} | {name for name, _must in OTHER_FILES}:
        assert f"## {file}" in page


UNTRIED = {"unreadable", "too_large"}
"""Faults that need a disk error or a quarter of a gigabyte."""


def test_every_fault_was_tried() -> None:
    assert {case.kind for case in CASES} | UNTRIED == set(FAULTS)
    assert set(HINTS) == set(FAULTS) | {"text"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_fault_is_said_in_both_languages(pack: Path, case: Case) -> None:
    case.change(pack)
    for fault in check_pack(pack):
        for message in (fault.message, fault.hint):
            for language in ("zh", "en"):
                said = say(message, language)
                assert not re.search(r"\{[a-z_]+\}", said), said
                assert said != message.code


def test_words_ask_only_for_known_arguments() -> None:
    for zh, en in (*FAULTS.values(), *HINTS.values()):
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (zh, en)]
        assert names[0] == names[1], zh


def test_not_only_the_first_fault(pack: Path) -> None:
    swap("stations.csv", "KQ02", "KQ 02")(pack)
    swap("stations.csv", "115.06", "x")(pack)
    swap("people.csv", "seat,990101,SF", "seat,990199,SF")(pack)
    swap("city.toml", "Asia/Shanghai", "Nowhere")(pack)
    drop("departments.csv")(pack)
    found = {(fault.file, fault.kind) for fault in check_pack(pack)}
    assert found >= {
        ("stations.csv", "code"),
        ("stations.csv", "number"),
        ("people.csv", "unknown_code"),
        ("city.toml", "zone"),
        ("departments.csv", "missing_file"),
        ("incident_types.csv", "unknown_code"),
    }


def test_a_byte_order_mark_and_windows_line_ends_are_fine(pack: Path) -> None:
    for name in ("stations.csv", "grids.csv", "city.toml", "boundaries.geojson"):
        text = (pack / name).read_text("utf-8").replace("\n", "\r\n")
        (pack / name).write_bytes(text.encode("utf-8-sig"))
    assert check_pack(pack) == []


def test_zipped_and_split_tables_are_read(pack: Path) -> None:
    header, *rows = (pack / "stations.csv").read_text("utf-8").splitlines(keepends=True)
    (pack / "stations.csv").write_text(header + "".join(rows[:2]), "utf-8")
    (pack / "stations-rest.csv.gz").write_bytes(gzip.compress((header + "".join(rows[2:])).encode()))
    assert check_pack(pack) == []


def test_every_fault_of_a_gbk_file_is_found_at_once(pack: Path) -> None:
    swap("people.csv", "seat,990101,SF", "seat,990199,SF")(pack)
    recode("people.csv", "gbk")(pack)
    assert {"gbk", "unknown_code"} <= {fault.kind for fault in check_pack(pack)}


def test_an_order_of_a_hundred_thousand_faults_is_quick_enough(pack: Path) -> None:
    put("vehicles.csv", VEHICLES + "".join(f"A{n},,,,,99,1\n" for n in range(3000)))(pack)
    faults = check_pack(pack)
    assert [fault.line for fault in faults] == list(range(2, 3002))


def test_rooms_further_on_have_their_say(pack: Path) -> None:
    swap("feeds.toml", 'label = "end"', 'label = "ends"')(pack)
    put("policy.toml", '[[target]]\nclock = "TRIAGE"\ncritical = "3 minutes"\n')(pack)
    told = {(fault.file, fault.line) for fault in check(pack)}
    assert ("policy.toml", 3) in told
    line = (
        (pack / "feeds.toml")
        .read_text("utf-8")
        .splitlines()
        .index(next(line for line in (pack / "feeds.toml").read_text("utf-8").splitlines() if "ends" in line))
    )
    assert ("feeds.toml", line + 1) in told


def test_the_loader_names_no_value_unsafely(pack: Path) -> None:
    swap("stations.csv", "KQ02", "KQ\x1b]0;x\x0702")(pack)
    for fault in check_pack(pack):
        assert not re.search(r"[\x00-\x1f\x7f]", say(fault.message, "en"))


FILES = (
    "city.toml",
    "feeds.toml",
    "grids.csv",
    "stations.csv",
    "duty.csv",
    "boundaries.geojson",
    "people.csv",
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    file=st.sampled_from(FILES),
    places=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=6)), min_size=1, max_size=4
    ),
)
def test_no_input_stops_the_check(pack: Path, file: str, places: list[tuple[float, int, bytes]]) -> None:
    """Bytes cut out and put in anywhere: there may be faults, but never an error."""
    path = pack / file
    raw = whole = path.read_bytes()
    for share, gone, fresh in places:
        at = int(share * len(raw))
        raw = raw[:at] + fresh + raw[at + gone :]
    path.write_bytes(raw)
    try:
        for fault in check(pack):
            assert not re.search(r"[\x00-\x1f\x7f]", say(fault.message, "zh") + say(fault.hint, "en"))
    finally:
        path.write_bytes(whole)
