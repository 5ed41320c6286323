"""The data files themselves, rounding, flags and ranges."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.standards import table
from backend.standards.flags import Flag, device_flags, of_device, worst
from backend.standards.ranges import range_of, ranges
from backend.standards.rounding import NotANumber, exact, round_even
from backend.words import LANGUAGES, entry

DATA = files("backend.standards") / "data"
NAMES = sorted(path.name.removesuffix(".csv") for path in DATA.iterdir() if path.name.endswith(".csv"))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_names_its_clause_and_the_day_from_which_it_holds(name: str) -> None:
    rows = table.rows(name)
    assert rows
    for row in rows:
        assert None not in row, f"{name}: a row has more cells than the header"
        assert date.fromisoformat(row["effective"]) >= date(2000, 1, 1)
        assert row.get("clause") or row["source"]


def test_the_standards_load_without_the_store_or_a_terminal() -> None:
    code = (
        "import sys\n"
        "from datetime import date\n"
        "from backend.standards import aqi, dust, flags, limits, ranges, validity, water\n"
        "aqi.realtime({'pm25': 87}, date(2026, 11, 3)); flags.of_device('N'); ranges.range_of('pm25')\n"
        "heavy = {'textual', 'rich', 'sqlmodel', 'sqlalchemy', 'httpx', 'numpy', 'tomllib'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("60.5", 0, "60"),
        ("61.5", 0, "62"),
        ("60.51", 0, "61"),
        ("2.05", 1, "2.0"),
        ("2.15", 1, "2.2"),
        ("5.04", 1, "5.0"),
        ("0.5", 0, "0"),
        ("-0.5", 0, "0"),
        ("60.50000000000000000000000000000001", 0, "61"),
    ],
)
def test_rounding_is_half_to_even(value: str, decimals: int, expected: str) -> None:
    assert round_even(Decimal(value), decimals) == Decimal(expected)


@given(st.integers(0, 10**6), st.integers(0, 4))
def test_a_float_is_rounded_as_the_decimal_a_person_reads(steps: int, decimals: int) -> None:
    written = Decimal(steps).scaleb(-decimals)
    assert exact(float(written)) == written
    assert round_even(float(written), 1) == round_even(written, 1)


def test_exact_refuses_what_is_no_number() -> None:
    for value, why in ((float("nan"), "nan"), (float("-inf"), "infinite"), (False, "word")):
        with pytest.raises(NotANumber) as caught:
            exact(value)
        assert caught.value.why == why


def test_the_letters_of_a_device() -> None:
    expected = {"N": 1, "F": 9, "M": 4, "S": 3, "D": 4, "C": 4, "T": 3, "B": 9}
    assert {letter: int(of_device(letter)) for letter in expected} == expected
    assert set(device_flags()) == set(expected)
    assert device_flags()["M"].aqs == "BA"
    assert of_device(" n ") is Flag.GOOD
    assert of_device("") is Flag.GOOD
    assert of_device("Z") is Flag.SUSPECT


def test_the_worst_of_several_flags() -> None:
    assert worst([]) is Flag.UNKNOWN
    assert worst([Flag.UNKNOWN, Flag.GOOD]) is Flag.GOOD
    assert worst([Flag.GOOD, Flag.SUSPECT]) is Flag.SUSPECT
    assert worst([Flag.SUSPECT, Flag.FAIL, Flag.MISSING]) is Flag.FAIL


def test_every_code_has_its_words_in_both_languages() -> None:
    codes = [flag.code for flag in Flag] + [flag.code for flag in device_flags().values()]
    codes += [f"parameter.{name}" for name in ranges()] + [f"parameter.{name}.name" for name in ranges()]
    codes += [f"standard.group.{row['group']}" for row in table.rows("sensitive_groups")]
    codes += [f"standard.dust.{row['rule']}" for row in table.rows("dust_rules")]
    codes += [f"standard.stage.{row['stage']}" for row in table.rows("gb3095")]
    codes += [f"standard.averaging.{row['averaging']}" for row in table.rows("gb3095")]
    missing = [(code, language) for code in codes for language in LANGUAGES if not entry(code, language)]
    assert not missing


@pytest.mark.parametrize(
    ("parameter", "value", "flag"),
    [
        ("pm25", 87, Flag.GOOD),
        ("pm25", 500, Flag.GOOD),
        ("pm25", 501, Flag.SUSPECT),
        ("pm25", 1001, Flag.FAIL),
        ("pm25", -3, Flag.SUSPECT),
        ("pm25", -6, Flag.FAIL),
        ("co", 21, Flag.SUSPECT),
        ("o3", 401, Flag.SUSPECT),
        ("ph", 14.1, Flag.FAIL),
        ("do", 20, Flag.SUSPECT),
        ("power_prod", 1e5, Flag.GOOD),
        ("pm25", float("nan"), Flag.FAIL),
    ],
)
def test_ranges(parameter: str, value: float, flag: Flag) -> None:
    bounds = range_of(parameter)
    assert bounds is not None
    assert bounds.judge(value) is flag


def test_flat_line_hours() -> None:
    hours = {name: bounds.flat_hours for name, bounds in ranges().items()}
    assert {hours[name] for name in ("pm25", "pm10", "tsp")} == {4}
    assert {hours[name] for name in ("so2", "no2", "co", "o3")} == {6}
    assert hours["wind_dir"] is None
    assert range_of("unheard-of") is None
    for bounds in ranges().values():
        assert (bounds.fail_low or 0) <= (bounds.suspect_low or 0)
        if bounds.suspect_high is not None:
            assert bounds.suspect_high <= (bounds.fail_high or 0)
