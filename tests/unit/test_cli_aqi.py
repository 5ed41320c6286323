"""``gridseat aqi``: one index, a file of them, and what it says of wrong input."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from console.__main__ import main
from console.exit import Exit
from tests.shared import shared_data

Answer = tuple[int, str, str]
CLEAN = ["--so2", "0", "--no2", "0", "--co", "0", "--o3", "0", "--pm10", "0"]
HEADER = "station,pm25,pm10,so2,no2,co,o3"


@pytest.fixture
def gridseat(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run the command in English and take what it printed."""

    def run(*words: str, lang: str = "en") -> Answer:
        try:
            code = main(["--lang", lang, "aqi", *words])
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], str]:
    """Write a file and take its path."""

    def write(content: str | bytes) -> str:
        path = tmp_path / "in.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_index_for_people(gridseat: Callable[..., Answer]) -> None:
    code, out, err = gridseat("--pm25", "87", "--pm10", "152", "--date", "2026-11-03")
    assert (code, err) == (Exit.OK, "")
    assert out.splitlines()[:3] == [
        "AQI 125  Level III, Lightly polluted (orange)",
        "Primary pollutant: PM2.5",
        "By HJ 633-2026, real-time report, 2026-11-03",
    ]
    assert "PM10   152 µg/m³       113" in out
    assert "people with respiratory disease" in out
    _, chinese, _ = gridseat("--pm25", "87", "--pm10", "152", lang="zh")
    assert chinese.startswith("AQI 125  三级 轻度污染（橙色）\n首要污染物：PM2.5\n")


def test_one_index_for_programs(gridseat: Callable[..., Answer]) -> None:
    code, out, _ = gridseat(*CLEAN, "--pm25", "60.5", "--date", "2026-11-03", "--json")
    found = json.loads(out)
    assert code == Exit.OK
    assert (found["aqi"], found["level"], found["primary"], found["colour"]) == (100, 2, ["pm25"], "#FFFF00")
    assert found["iaqi"] == {"so2": 0, "no2": 0, "co": 0, "o3": 0, "pm10": 0, "pm25": 100}
    assert (found["edition"], found["report"], found["missing"]) == ("2026", "realtime", [])


def test_na_says_why_and_what_to_do(gridseat: Callable[..., Answer]) -> None:
    code, out, _ = gridseat("--pm25", "35", "--pm10", "10", "--edition", "2026")
    assert code == Exit.OK
    assert out.startswith("AQI NA\n")
    assert "SO2, NO2, CO, O3 missing" in out
    assert "--so2 /" in out
    never = [word for name in ("so2", "no2", "co", "o3") for word in (f"--{name}", "/")]
    _, out, _ = gridseat("--pm25", "35", "--pm10", "10", *never)
    assert out.startswith("AQI 50  Level I, Excellent (green)")


def test_date_and_edition_choose_the_tables(gridseat: Callable[..., Answer]) -> None:
    def index(*words: str) -> int:
        return int(json.loads(gridseat(*CLEAN, "--pm25", "75", "--json", *words)[1])["aqi"])

    assert index("--date", "2026-02-28") == 100
    assert index("--date", "2026-03-01") == 114
    assert index("--date", "2026-03-01", "--edition", "2012") == 100
    assert json.loads(gridseat("--co", "2.2", "--report", "daily", "--json")[1])["iaqi"]["co"] == 55


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "No concentration given"),
        (["--pm25", "high"], "--pm25: 'high' is not a number"),
        (["--pm25", "1_000"], "not a number"),
        (["--pm25", "８７"], "not a number"),
        (["--pm25", "-5"], "negative"),
        (["--pm25", "nan"], "no concentration"),
        (["--pm25", "inf"], "infinite"),
        (["--pm25", "87", "--date", "3 November"], "can't be read. Write 2026-03-01"),
        (["--pm25", "87", "--date", "2026-02-30"], "can't be read. Write 2026-03-01"),
        (["--pm25", "87", "--edition", "2018"], "invalid choice"),
        (["--pm25", "87", "--column", "co=co_mg"], "goes with --csv only"),
        (["--csv", "-", "--pm25", "87"], "does not go with --pm25"),
        (["--csv", "-", "--json"], "does not go with --json"),
        (["--csv", "-", "--column", "co"], "NAME=HEADER"),
        (["--csv", "-", "--column", "voc=x"], "NAME=HEADER"),
        (["--csv", "-", "--encoding", "klingon"], "encoding klingon can't be read"),
        (["--csv", "-", "--encoding", "utf-16"], "encoding utf-16 can't be read"),
    ],
)
def test_a_wrong_command_line_is_refused(
    gridseat: Callable[..., Answer], words: list[str], said: str
) -> None:
    code, out, err = gridseat(*words)
    assert (code, out) == (Exit.USAGE, "")
    assert said in err
    assert "Traceback" not in err


def test_every_wrong_value_is_told_at_once(gridseat: Callable[..., Answer]) -> None:
    _, _, err = gridseat("--pm25", "high", "--so2", "-1")
    assert err.count("gridseat: ") == 2


def test_an_unlikely_value_is_computed_and_remarked(gridseat: Callable[..., Answer]) -> None:
    code, out, err = gridseat("--co", "900", "--json")
    assert (code, json.loads(out)["aqi"]) == (Exit.OK, 500)
    assert "check the unit" in err


def test_a_file_row_by_row(gridseat: Callable[..., Answer], written: Callable[[str], str]) -> None:
    path = written(
        'name,pm25,pm10,note,so2,no2,co,o3\n"曹县,一",87,152,007,9,40,0.9,80\nB,35,50,"a ""b""\nc",9,40,2,80\n'
        "C,,50,,9,40,2,80\nD,,260,,9,40,2,80\nE,/,50,=1+1,9,40,2,80\nF,60,120,,500,40,2,80\n"
    )
    code, out, err = gridseat("--csv", path, "--date", "2026-11-03")
    assert (code, err) == (Exit.OK, "")
    rows = table(out)
    assert list(rows[0]) == [
        *["name", "pm25", "pm10", "note", "so2", "no2", "co", "o3", "aqi", "level", "primary"]
    ]
    assert [(row["name"], row["note"]) for row in rows] == [
        ("曹县,一", "007"),
        ("B", 'a "b"\nc'),
        ("C", ""),
        ("D", ""),
        ("E", "=1+1"),
        ("F", ""),
    ]
    assert [(row["aqi"], row["level"], row["primary"]) for row in rows] == [
        ("125", "3", "pm25"),
        ("50", "1", ""),
        ("NA", "NA", "NA"),
        ("155", "4", "pm10"),
        ("50", "1", ""),
        ("100", "2", "so2;pm10;pm25"),
    ]


def test_columns_of_other_names_and_reports(
    gridseat: Callable[..., Answer], written: Callable[[str], str]
) -> None:
    path = written("PM25, pm10 ,so2,no2,co_mg,o3_8h\n10,10,60,10,2.2,801\n")
    code, out, err = gridseat("--csv", path, "--report", "daily", "--column", "co=co_mg")
    assert (code, err) == (Exit.OK, "")
    assert table(out)[0]["aqi"] == "300"
    assert table(out)[0]["primary"] == "o3_8h"
    code, _, err = gridseat("--csv", path, "--report", "daily", "--column", "co=CO")
    assert code == Exit.USAGE
    assert "no column CO" in err
    assert "co_mg" in err


def test_a_bad_row_is_told_and_the_rest_goes_on(
    gridseat: Callable[..., Answer], written: Callable[[str], str]
) -> None:
    path = written(
        f"{HEADER}\nA,87,152,9,40,0.9,80\nB,high,152,9,40,0.9,80\nC,87,-1,9,40,nan,80\nD,87\n"
        "\nE,87,152,9,40,0.9,80,,\nF,87,152,9,40,0.9,80,more\n"
    )
    code, out, err = gridseat("--csv", path, "--date", "2026-11-03")
    assert code == Exit.FAILED
    assert [(row["station"], row["aqi"], row["level"], row["primary"]) for row in table(out)[:5]] == [
        ("A", "125", "3", "pm25"),
        ("B", "", "", ""),
        ("C", "", "", ""),
        ("D", "", "", ""),
        ("E", "125", "3", "pm25"),
    ]
    assert "line 3, column pm25: 'high' is not a number" in err
    assert "line 4, column pm10: '-1' is negative" in err
    assert "line 4, column co: 'nan' is no concentration" in err
    assert "Line 5 has 2 cells where the header has 7" in err
    assert "Line 8 has 8 cells where the header has 7" in err
    assert "4 of 6 rows were not computed" in err


def test_a_flood_of_bad_rows_is_told_in_numbers(
    gridseat: Callable[..., Answer], written: Callable[[str], str]
) -> None:
    path = written("pm25\n" + "high\n" * 500)
    code, out, err = gridseat("--csv", path)
    assert code == Exit.FAILED
    assert len(out.splitlines()) == 501
    assert "Faults that are not listed: 480" in err
    assert len(err.splitlines()) < 30


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"a,b\n1,2\n", "has no column of concentrations"),
        (b"pm25,PM25\n1,2\n", "two columns pm25"),
        ("station,pm25\n曹县,87\n".encode("gb18030"), "Line 2 is not utf-8"),
        ("station,pm25\nA,87\n".encode("utf-16"), "is UTF-16"),
        (b'station,pm25\nA,87\n"B,87\n', "is no CSV"),
        (b"\x00\x01\x02\xff\xfe\n", "not utf-8"),
    ],
)
def test_a_file_that_is_no_such_csv(
    gridseat: Callable[..., Answer], written: Callable[[bytes], str], content: bytes, said: str
) -> None:
    code, _, err = gridseat("--csv", written(content))
    assert code == Exit.FAILED
    assert said in err
    assert "Traceback" not in err


def test_other_encodings(gridseat: Callable[..., Answer], written: Callable[[bytes], str]) -> None:
    marked = written(b"\xef\xbb\xbfpm25,station\r\n87,A\r\n")
    assert table(gridseat("--csv", marked)[1])[0] == {
        "pm25": "87",
        "station": "A",
        "aqi": "125",
        "level": "3",
        "primary": "pm25",
    }
    chinese = written("站点,pm25\n曹县,87\n".encode("gb18030"))
    assert table(gridseat("--csv", chinese, "--encoding", "gb18030")[1])[0]["站点"] == "曹县"


def test_a_file_that_is_not_there(gridseat: Callable[..., Answer], tmp_path: Path) -> None:
    code, out, err = gridseat("--csv", str(tmp_path / "none\x1b[31m.csv"))
    assert (code, out) == (Exit.FAILED, "")
    assert "There is no file" in err
    assert "\x1b" not in err
    code, _, err = gridseat("--csv", str(tmp_path))
    assert code == Exit.FAILED
    assert "can't be read" in err


def test_the_files_own_results_are_kept_under_another_name(
    gridseat: Callable[..., Answer], written: Callable[[str], str]
) -> None:
    code, out, err = gridseat("--csv", written("pm25,aqi,level\n87,130,x\n"))
    assert code == Exit.OK
    assert table(out)[0] == {
        "pm25": "87",
        "aqi_input": "130",
        "level_input": "x",
        "aqi": "125",
        "level": "3",
        "primary": "pm25",
    }
    assert "is now aqi_input" in err


def test_absent_columns_are_remarked_once(
    gridseat: Callable[..., Answer], written: Callable[[str], str]
) -> None:
    code, out, err = gridseat("--csv", written("pm25,co\n20,900\n20,901\n"), "--edition", "2012")
    assert code == Exit.OK
    assert [row["aqi"] for row in table(out)] == ["500", "500"]
    assert err.count("No column for so2, no2, o3, o3_8h, pm10") == 1
    assert err.count("check the unit") == 1


def test_sulphur_dioxide_beyond_the_2012_table_is_remarked(
    gridseat: Callable[..., Answer], written: Callable[[str], str]
) -> None:
    _, out, err = gridseat("--csv", written("so2,pm25\n801,35\n"), "--edition", "2012")
    assert table(out)[0]["aqi"] == "50"
    assert "line 2: SO2 is above 800 µg/m³" in err
    _, out, err = gridseat("--so2", "801", "--edition", "2012", "--json")
    assert json.loads(out)["beyond"] == ["so2"]
    assert "--so2: SO2 is above 800" in err


def test_standard_input_and_the_published_values(
    gridseat: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real-time report of 2012 gives all 173 published values; the two rows without one are NA."""
    content = shared_data("air/cnemc/aqi_truth.csv").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    code, out, _ = gridseat(
        *("--csv", "-", "--edition", "2012", "--report", "realtime"),
        *("--column", "co=co_mg", "--column", "o3=o3_1h"),
    )
    rows = table(out)
    assert code == Exit.OK
    assert len(rows) == 175
    published = [row for row in rows if row["aqi_published"]]
    assert len(published) == 173
    assert all(row["aqi"] == row["aqi_published"] for row in published)
    assert [row["aqi"] for row in rows if not row["aqi_published"]] == ["NA", "NA"]


def test_a_reader_that_goes_away_is_no_fault(written: Callable[[str], str]) -> None:
    path = written("pm25\n" + "87\n" * 20000)
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        ended = subprocess.run(
            [sys.executable, "-m", "console", "aqi", "--csv", path],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == Exit.OK
    assert b"Traceback" not in ended.stderr
    assert b"BrokenPipe" not in ended.stderr


def test_it_loads_neither_screen_nor_store() -> None:
    code = (
        "import sys\n"
        "from console.__main__ import main\n"
        "main(['aqi', '--pm25', '87', '--json'])\n"
        "heavy = {'textual', 'rich', 'sqlmodel', 'sqlalchemy', 'httpx', 'apscheduler'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["iaqi"]["pm25"] == 125
