"""What a command is asked wrongly is told with what to do, in the person's language, and nothing is made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from console.__main__ import main
from console.exit import Exit

Answer = tuple[int, str]
Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; its exit code and what it said on standard error. None of them is a fault of ours."""

    def told(*words: object, lang: str = "en") -> Answer:
        try:
            code = main(["--lang", lang, *map(str, words)])
        except SystemExit as ended:
            code = int(str(ended.code))
        said = capsys.readouterr().err
        assert "fault of ours" not in said
        assert "程序出错" not in said
        return code, said

    return told


@pytest.mark.parametrize("port", ["99999", "-5"])
def test_a_port_that_is_none_is_told(run: Run, tmp_path: Path, port: str) -> None:
    code, said = run("--store", tmp_path / "s.db", "hub", "--port", port)
    assert code == Exit.USAGE
    assert "0 to 65535" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["300.1.1.1", "203.0.113.7", "a..b"])
def test_an_address_that_can_not_be_listened_on_is_not_blamed_on_the_port(
    run: Run, tmp_path: Path, host: str
) -> None:
    code, said = run("--store", tmp_path / "s.db", "hub", "--host", host, "--port", "0")
    assert code == Exit.NETWORK
    assert f"address {host}" in said
    assert "--host" in said
    assert "--port" not in said


def test_a_folder_that_a_demo_can_not_have_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "held" / "lock").mkdir(parents=True)
    for folder in (tmp_path / "file", tmp_path / "file" / "deep", tmp_path / "held"):
        code, said = run("demo", "--dir", folder, "--headless")
        assert code == Exit.FAILED
        assert str(folder) in said
        assert "--dir" in said


def test_a_pack_that_is_none_is_told_before_a_demo_makes_anything(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for pack in (tmp_path / "file", tmp_path / "none"):
        code, said = run("demo", "--dir", tmp_path / "new", "--pack", pack, "--headless", lang="zh")
        assert code == Exit.FAILED
        assert str(pack) in said
        assert "gridseat city template" in said
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--speed abc", "1 to 3600"),
        ("--speed 0", "1 to 3600"),
        ("--hours x", "1 to 9600"),
        ("--hours 0", "1 to 9600"),
    ],
)
def test_a_number_of_a_demo_that_is_none_is_told_with_what_is_taken(run: Run, option: str, told: str) -> None:
    code, said = run("demo", *option.split())
    assert code == Exit.USAGE
    assert told in said


def test_an_error_speaks_the_language_that_was_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "请给出文件路径" in run("--store", tmp_path, "stations", lang="zh")[1]
    assert "Name a file" in run("--store", tmp_path, "stations", lang="en")[1]
    monkeypatch.setenv("GRIDSEAT_LITE", "perhaps")
    assert "开关请写" in run("stations", lang="zh")[1]


@pytest.mark.parametrize(("name", "value", "known"), [("THEME", "pink", "dark"), ("LANG", "fr", "zh / en")])
def test_a_setting_that_is_none_of_its_choices_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, known: str
) -> None:
    monkeypatch.setenv(f"GRIDSEAT_{name}", value)
    assert main(["people"]) == Exit.FAILED
    said = capsys.readouterr().err
    assert f"GRIDSEAT_{name}" in said
    assert known in said


READING = (
    "stations", "readings A", "alarms", "tasks", "people", "feeds", "quality", "hotspots", "trace", "forecast",
    "handover", "report shift", "sheet T", "proof", "policy list", "audit verify", "channels", "keys revoke K",
    "backup {other}", "import asides", "import readings {file} --format csv", "feeds add openmeteo",
    "policy check {file}", "doctor",
)  # fmt: skip


@pytest.mark.parametrize("command", READING)
def test_what_needs_a_city_makes_no_store_where_there_is_none(run: Run, tmp_path: Path, command: str) -> None:
    words = command.format(other=tmp_path / "copy.db", file=__file__).split()
    for path in (tmp_path / "none" / "city.db", tmp_path / "empty.db"):
        (tmp_path / "empty.db").touch()
        code, said = run("--store", path, *words)
        if command == "doctor":
            assert code == Exit.FAILED
        else:
            assert code == Exit.STORE
            assert f"no store at {path}" in said
            assert "gridseat city load" in said
    assert [one.name for one in tmp_path.iterdir()] == ["empty.db"]
    assert (tmp_path / "empty.db").stat().st_size == 0


def test_doctor_tells_of_a_seat_that_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "--store", str(tmp_path / "x.db"), "doctor"]) == Exit.FAILED
    told = capsys.readouterr().out
    assert f"there is no store {tmp_path / 'x.db'} yet" in told
    assert "gridseat city load DIR" in told
    assert "terminal" in told


@pytest.mark.parametrize("command", ["city load {pack}", "agent --once"])
def test_what_begins_a_store_still_does(run: Run, tmp_path: Path, command: str) -> None:
    assert main(["city", "template", str(tmp_path / "pack")]) == Exit.OK
    words = command.format(pack=tmp_path / "pack").split()
    assert run("--store", tmp_path / "new" / "s.db", *words)[0] == Exit.OK
    assert (tmp_path / "new" / "s.db").stat().st_size


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the example city."""
    folder = tmp_path_factory.mktemp("example")
    assert main(["city", "template", str(folder / "pack")]) == Exit.OK
    assert main(["--store", str(folder / "city.db"), "city", "load", str(folder / "pack")]) == Exit.OK
    return folder / "city.db"


@pytest.mark.parametrize("act", ["check {file}", "dryrun {file}", "add {file} --from 2099-01-01"])
def test_what_is_no_policy_is_told_in_words(run: Run, loaded: Path, tmp_path: Path, act: str) -> None:
    (tmp_path / "gbk.toml").write_bytes("# 策略".encode("gb18030"))
    (tmp_path / "long.toml").write_bytes(b"#" * 3_000_000)
    for name, english, chinese in (
        ("none.toml", "no such file", "没有这个文件"),
        ("", "it is a folder", "是文件夹"),
        ("gbk.toml", "no text in UTF-8", "不是 UTF-8"),
        ("long.toml", "far too long", "远比一份策略长"),
    ):
        words = act.format(file=tmp_path / name).split()
        for lang, told in (("en", english), ("zh", chinese)):
            code, said = run("--store", loaded, "policy", *words, lang=lang)
            assert code == Exit.FAILED
            assert told in said
            assert str(tmp_path / name) in said
            assert "Errno" not in said
            assert "codec" not in said


def test_a_backup_that_can_not_be_written_is_told_with_what_to_do(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    code, said = run("--store", loaded, "backup", tmp_path / "none" / "copy.db")
    assert code == Exit.FAILED
    assert f"no folder {tmp_path / 'none'}" in said
    # Where its unfinished copy would stand there is a folder.
    (tmp_path / "copy.db.part").mkdir()
    code, said = run("--store", loaded, "backup", tmp_path / "copy.db", lang="zh")
    assert code == Exit.FAILED
    assert f"请检查文件夹 {tmp_path} 是否可写" in said
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_that_can_not_be_brought_back_is_told(run: Run, loaded: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert run("--store", loaded, "backup", copy)[0] == Exit.OK
    (tmp_path / "file").write_text("")
    code, said = run("--store", tmp_path / "file" / "s.db", "restore", copy)
    assert code == Exit.FAILED
    assert "Nothing was changed" in said
    for url in ("postgresql://u:s3cret@h/x", f"sqlite:///{tmp_path}/other.db"):
        code, said = run("--store", url, "restore", copy)
        assert code == Exit.FAILED
        assert "--store" in said
        assert "s3cret" not in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.db", "file"]


@pytest.mark.parametrize(
    ("what", "form", "forms"),
    [
        ("readings", "cnemc", "csv / cnemc / hj212"),
        ("readings", "csv", "csv / cnemc / hj212"),
        ("cases", "json", "csv / json"),
        ("cases", "csv", "csv / json"),
        ("passages", "json", "csv / json"),
        ("passages", "csv", "csv / json"),
    ],
)
def test_a_file_of_another_format_is_told_by_its_name(
    run: Run, loaded: Path, tmp_path: Path, what: str, form: str, forms: str
) -> None:
    file = tmp_path / "notes.md"
    file.write_text("# Notes\n\nNothing of the kind.\n", "utf-8")
    code, said = run("--store", loaded, "import", what, file, "--format", form)
    assert code == Exit.FAILED
    assert f"{file} can't be read as {form}: " in said
    assert f"--format: {forms};" in said
    assert "answer" not in said
    code, said = run("--store", loaded, "import", what, tmp_path / "none", "--format", form, lang="zh")
    assert code == Exit.FAILED
    assert f"{tmp_path / 'none'}：没有这个文件" in said


@pytest.fixture
def station(loaded: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The code of an air station of the example."""
    assert main(["--store", str(loaded), "stations", "--kind", "air", "--json"]) == Exit.OK
    code: str = json.loads(capsys.readouterr().out)[0]["code"]
    return code


ADVICE = (
    ("quality hours", "--station CODE"),
    ("quality hours --station {station} --parameter nope", "it measures so2, "),
    ("quality hours --station NOPE", "gridseat stations"),
    ("channels add x", "--url https://"),
    ("channels add x --url ftp://h", "(--url)"),
    ("channels add {none}.toml", "no such file"),
    ("channels show NOPE", "See gridseat channels"),
    ("feeds add {none}.toml", "no such file"),
    ("keys make foo", "push:"),
    ("handover NOPE", "gridseat handover lists them"),
    ("trace --grid X", "such as "),
)


@pytest.mark.parametrize(("command", "told"), ADVICE)
def test_a_refusal_says_what_to_do(
    run: Run, loaded: Path, station: str, tmp_path: Path, command: str, told: str
) -> None:
    words = command.format(station=station, none=tmp_path / "none").split()
    code, said = run("--store", loaded, *words)
    assert code == Exit.FAILED
    assert told in said
    assert run("--store", loaded, *words, lang="zh")[1] != said


WRONG = (
    ("stations --kind nosuch", "there are: air"),
    ("readings {station} --parameter nope", "it has: pm25, "),
    ("readings {station} --from 2026-11-24 --to 2026-11-20", "2026-11-24 to 2026-11-20"),
    ("audit list --person NOPE", "gridseat people"),
    ("audit list --from 2026-11-24 --to 2026-11-20", "2026-11-24 to 2026-11-20"),
    ("report shift --centre NOPE", "there are: "),
    ("report shift --since 2026-11-24 --until 2026-11-20", "2026-11-24 to 2026-11-20"),
    ("report shift --since 2026-11-24", "--centre"),
    ("report daily --centre NOPE", "there are: "),
    ("report daily --date 2099-01-02", "begins only at 01-01 12:00"),
    ("quality validity --station NOPE", "no station NOPE"),
    ("quality --from 2026-11-24 --at 2026-11-20", "2026-11-24 to 2026-11-20"),
    ("hotspots --level 7", "2 (counties)"),
    ("hotspots --level 2m", "from 50 to"),
)


@pytest.mark.parametrize(("command", "told"), WRONG)
def test_a_value_that_there_is_none_of_is_refused_and_not_answered_with_nothing(
    run: Run, loaded: Path, station: str, command: str, told: str
) -> None:
    words = command.format(station=station).split()
    code, said = run("--store", loaded, *words)
    assert code == Exit.FAILED
    assert told in said
    assert run("--store", loaded, *words, lang="zh")[1] not in ("", said)


@pytest.mark.parametrize(
    "command",
    [
        "stations --kind power",
        "readings {station} --parameter pm25",
        "readings {station} --from 2026-11-20",
        "audit list --person city --from 2020-01-01 --to 2020-01-02",
        "hotspots --level 500",
        "hotspots --level 4",
    ],
)
def test_what_is_right_and_has_nothing_to_tell_is_no_fault(
    run: Run, loaded: Path, station: str, command: str
) -> None:
    assert run("--store", loaded, *command.format(station=station).split())[0] == Exit.OK


REACHES = (
    "--store {there}/s.db stations",
    "--store {there}/s.db city load {pack}",
    "--store {store} backup {there}/copy.db",
    "--store {store} city load {there}",
    "--store {store} import readings {there} --format csv",
    "--store {pack}/s.db restore {there}",
    "city check {there}",
    "city template {there}",
    "demo --headless --pack {there}",
    "demo --headless --dir {there}",
)


@pytest.mark.parametrize("command", REACHES)
def test_a_place_that_can_not_even_be_looked_at_is_no_fault_of_ours(
    loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """As of a folder that one may not enter: whether there is anything can't be asked."""
    words = command.format(there=tmp_path / ("n" * 300), store=loaded, pack=loaded.parent / "pack").split()
    for lang, told in (("en", "name is too long"), ("zh", "名称太长")):
        code = main(["--lang", lang, *words])
        said = capsys.readouterr()
        assert code in (Exit.FAILED, Exit.STORE)
        assert told in said.out + said.err
        assert "errors.log" not in said.err
