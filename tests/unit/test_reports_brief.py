"""The brief's lines: the most important first, at most as many as fit, and what does not fit is counted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reports.brief import MOST, Air, Brief, Counts, Doing, Order, build, text
from backend.words import Message, say
from backend.words.say import LANGUAGES, Language

AIR = Air(
    213,
    5,
    "PM2.5",
    "02:00",
    ((1, 12), (3, -30)),
    9,
    11,
    best="曹县",
    best_index=90,
    worst="单县",
    worst_index=260,
)
PRIORITIES = ("critical", "high", "medium", "low")


def doing(number: int, priority: str = "medium", **more: Any) -> Doing:
    told = {
        "holder": "李海波",
        "phone": "13800000000",
        "since_at": "23:05",
        "due_at": "03:20",
        "due": 100,
        **more,
    }
    return Doing(
        f"T-{number}", priority, "秸秆焚烧", "Straw burning", f"马岭岗镇{number}", "ACCEPTED", **told
    )


def brief(many: int = 0, *, orders: int = 0, unknown: int = 0, beyond: int = 0, **more: Any) -> Brief:
    rows = [doing(number, PRIORITIES[number % 4]) for number in range(many)]
    told: dict[str, Any] = {"air": AIR, "doing": rows, "counts": Counts(many + beyond, 0, {}), **more}
    return Brief(
        "牡丹区",
        "李敏",
        "03:05",
        orders=[Order(f"橙色预警{number}", "全市", "18:00") for number in range(orders)],
        unknown=[
            Message("brief.unknown.offline", {"count": 1, "names": f"站{number}"})
            for number in range(unknown)
        ],
        **told,
    )


def told(made: Brief, most: int = MOST, language: Language = "zh") -> list[str]:
    return text(build(made, most), lambda message: say(message, language)).split("\n")


def test_what_stands_where() -> None:
    late = doing(3, "critical", breached=True, level="M", supervised=True)
    nobody = doing(2, "critical", holder="", phone="")
    waiting = Doing("I-1", "high", "扬尘", "Dust", "南城", "", since_at="01:00")
    lines = told(
        brief(
            orders=1,
            unknown=1,
            doing=[waiting, nobody, late],
            counts=Counts(3, 1, {"critical": 2, "high": 1}),
        )
    )
    assert lines[0].startswith("牡丹区 态势简报  03:05  报告人 李敏")
    assert lines[1] == "空气：AQI 213 重度污染，首要 PM2.5（02:00 数据），较 1 小时前 +12、3 小时前 -30"
    assert lines[2] == "排名：11 个县区第 9（由好到差）；最好 曹县 90，最差 单县 260"
    assert lines[3].startswith("管控令：橙色预警0，全市，18:00 起")
    assert lines[4] == "未结事件 3 起：特急 2，紧急 1，超时 1"
    assert lines[5].startswith(
        "1 特急 秸秆焚烧 马岭岗镇3 待到场 李海波 13800000000 23:05起 市级负责 限03:20已超"
    )
    assert lines[6].startswith("2 特急 秸秆焚烧 马岭岗镇2 待到场 无人承办 23:05起 限03:20")
    assert lines[7] == "3 紧急 扬尘 南城 尚未立任务，无人承办、无时限，01:00起"
    assert lines[8:] == ["尚不掌握：", "离线站点 1 个：站0"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_at_all(language: Language) -> None:
    lines = told(brief(air=Air()), language=language)
    assert len(lines) == 4
    assert not any("{" in line for line in lines)


def shown(lines: list[str]) -> tuple[int, int]:
    """Incidents told, and those that are only counted."""
    more = [int(found[1]) for line in lines if (found := re.fullmatch(r"另有 (\d+) 起", line))]
    return sum("秸秆焚烧" in line for line in lines), sum(more)


@given(
    many=st.integers(0, 60),
    orders=st.integers(0, 8),
    unknown=st.integers(0, 12),
    beyond=st.integers(0, 500),
    most=st.integers(16, MOST),
    tall=st.integers(1, 2),
)
def test_it_fits_and_counts_what_does_not(
    many: int, orders: int, unknown: int, beyond: int, most: int, tall: int
) -> None:
    made = brief(many, orders=orders, unknown=unknown, beyond=beyond)

    def height(message: Message) -> int:
        return tall if message.code.startswith("brief.held") else 1

    lines = build(made, most, height)
    assert sum(height(line.message) for line in lines) <= most
    said = [say(line.message, "zh") for line in lines]
    told, hidden = shown(said)
    assert told + hidden == many + beyond
    # The most urgent ones are those that are told.
    ranks = [PRIORITIES.index(line.tone or "medium") if line.tone else 2 for line in lines if line.item]
    assert ranks == sorted(ranks)
    # What is not known is never squeezed out.
    assert any("离线站点" in line or "项不掌握" in line for line in said) == (unknown > 0)
    kept = sum("离线站点" in line for line in said)
    more = [int(found[1]) for line in said if (found := re.fullmatch(r"另有 (\d+) 项不掌握", line))]
    assert kept + sum(more) == unknown
