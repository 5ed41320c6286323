"""The log of a task: what each act is called."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from backend.desk.tasks import TimelineRow
from backend.words.say import Language
from screens import task_log
from screens.look import Look


@pytest.mark.parametrize(
    ("cause", "chinese", "english"),
    [
        ("ACCEPT", "签收超时", "acceptance missed"),
        ("TOTAL", "全程超时", "total time missed"),
        ("LEVEL_ACK", "上级确认超时", "upper tier's answer missed"),
        ("nobody", "超时（无人在岗）", "clock missed (nobody on duty)"),
        # As the product wrote it before it said which.
        ("", "超时", "clock missed"),
    ],
)
def test_a_miss_says_which_clock(cause: str, chinese: str, english: str) -> None:
    act = TimelineRow(
        at=0, occurred=0, kind="breach", actor="SYS", actor_name="系统", on_behalf="", behalf_name="",
        channel="system", from_state="OPEN", to_state="OPEN", result="applied", refusal=None,
        body={"cause": cause} if cause else {}, version=1,
    )  # fmt: skip
    told: dict[Language, str] = {"zh": chinese, "en": english}
    for language, name in told.items():
        look = Look(language, ZoneInfo("Asia/Shanghai"), 0)
        assert task_log.called(act, look) == name
        line = task_log._entry(act, look, 80)[0]
        assert name in "".join(cell.text for cell in line)


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "数据复核：无问题"), ("en", "data looked at again: clean")]
)
def test_that_the_data_were_looked_at_again_is_told_in_words(language: Language, told: str) -> None:
    act = TimelineRow(
        0,
        0,
        "verify_ok",
        "S1",
        "李敏",
        "",
        "",
        "seat",
        "REPORTED",
        "CLOSED",
        "ok",
        None,
        {"recheck": "clean"},
        1,
    )
    assert task_log.said(act, Look(language=language)) == told
