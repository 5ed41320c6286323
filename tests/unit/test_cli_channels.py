"""``gridseat channels``: add by words or by a file, list, try, switch, remove; what is wrong is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.desk import channels
from backend.desk.channels import Spec
from backend.desk.desk import Desk
from backend.store import Store
from backend.words import say
from console.__main__ import main
from console.exit import Exit
from tests.screens import loop_city as city
from tests.unit.test_notify_channels import plain, receiving

Answer = tuple[int, str, str]
COUNTY = "990001"


@pytest.fixture
def told(
    store: Store, tmp_path: Path, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    city.build(store, tmp_path, clock.now())

    def run(*words: str, lang: str = "en") -> Answer:
        try:
            code = main(["--lang", lang, "--store", str(store.path), "channels", *words])
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_a_webhook_from_adding_to_removing(told: Callable[..., Answer]) -> None:
    with receiving() as receiver:
        assert (
            told("add", "duty", "--url", receiver.url, "--grid", COUNTY, "--priority", "medium")[0] == Exit.OK
        )
        code, out, _ = told("list", "--json")
        (row,) = json.loads(out)
        assert (code, row["state"], row["priority"], row["target"]) == (
            Exit.OK,
            "new",
            "medium",
            receiver.url,
        )
        code, _, err = told("test", "duty", lang="zh")
        assert (code, "测试通知已由 duty 送达" in err) == (Exit.OK, True)
        receiver.answer = lambda handler: plain(handler, 500)
        code, _, err = told("test", "duty")
        assert code == Exit.NETWORK
        assert "answered 500" in err
    assert "失败" in told(lang="zh")[1]
    assert told("off", "duty")[0] == Exit.OK
    assert told("off", "duty")[0] == Exit.FAILED
    assert told("remove", "duty")[0] == Exit.OK
    code, _, err = told("remove", "duty")
    assert (code, "There is no channel duty" in err) == (Exit.FAILED, True)


def test_a_command_by_its_words(told: Callable[..., Answer]) -> None:
    assert told("add", "sms", "--grid", COUNTY, "--command", "/bin/sh", "-c", "cat >/dev/null")[0] == Exit.OK
    assert told("test", "sms")[0] == Exit.OK
    assert "/bin/sh -c" in told()[1]


def test_a_file_and_what_is_wrong_in_it(told: Callable[..., Answer], tmp_path: Path) -> None:
    path = tmp_path / "robot.toml"
    path.write_text(
        'grid = "990001"\nurl = "https://robot.example/send?access_token={secret}"\nsecret = "robot"\n'
        """template = '{"msgtype": "text", "text": {"content": "{text}"}}'\n"""
    )
    assert told("add", str(path))[0] == Exit.OK
    _, out, _ = told("list", "--json")
    # The address is shown without what may be a key.
    assert json.loads(out)[0]["target"] == "https://robot.example/send"
    for text, said in (
        ('gird = "990001"', "grid"),
        ("timeout = true", "wrong type"),
        ("timeout = ", "Not valid TOML"),
        ('grid = "nowhere"\nurl = "gopher://x"', "There is no grid nowhere"),
    ):
        path.write_text(text)
        code, _, err = told("add", str(path))
        assert code == Exit.FAILED
        assert said in err


def test_a_seat_may_not_and_a_screen_adds_no_command(
    told: Callable[..., Answer], store: Store, clock: ManualClock
) -> None:
    seat = Desk.open(store, city.SEAT, clock=clock)
    refused = channels.add(seat, Spec("duty", "webhook", COUNTY, url="http://127.0.0.1:9/"))
    assert not refused.ok
    assert "无权" in say(refused.message, "zh")
    whole = Desk.of_scripts(store)
    hook = Spec("sms", "command", COUNTY, argv=("/bin/true",))
    assert channels.add(whole, hook).message.code == "channel.refused.machine"
    assert told("list", "--json")[1].strip() == "[]"


def test_the_example_in_the_help_works(told: Callable[..., Answer]) -> None:
    _, out, _ = told("add", "--help")
    example = (
        " ".join(out.split()).rpartition("gridseat channels ")[2].replace("--grid G", f"--grid {COUNTY}")
    )
    code, _, err = told(*example.split())
    assert (code, "sms" in err) == (Exit.OK, True)
