"""Why somebody may not."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "access.role": (
        "您的角色（{role:ui.role}）无权进行此操作，请找{needed:ui.role}。",
        "Your role ({role:ui.role}) may not do this: ask your {needed:ui.role}.",
    ),
    "access.outside": (
        "网格 {grid} 不在您的辖区（{own}）内。",
        "Grid {grid} lies outside your jurisdiction ({own}).",
    ),
    "access.unknown_person": (
        "没有代码为 {person} 的在岗人员。用 gridseat people 查看，或向管理员登记。",
        "Nobody on the books has the code {person}. See gridseat people, or ask the administrator.",
    ),
    "access.no_person": (
        "本机还没有登记坐席。请用 --as 人员代码 启动一次，例如 gridseat --as {example}。",
        "This machine does not know yet who sits here. Start once with --as PERSON, such as gridseat --as {example}.",
    ),
    "access.no_city": (
        "数据库里还没有城市。请先运行 gridseat city load 目录，或 gridseat demo 看演示城市。",
        "The store holds no city yet. Run gridseat city load DIR first, or gridseat demo for the replayed city.",
    ),
    "access.key_made": ("密钥（只显示这一次）：{key}", "Key (shown only this once): {key}"),
}
