"""Texts that somebody sends who means harm: the probes of threats.md, and as many more as a test asks for.

Made from a seed by a grammar of what has broken terminals, frameworks and eyes: nothing is kept in a file.
``python -m tests.egress.corpus 20`` prints some, escaped.
"""

# ruff: noqa: E501 - tables of sequences

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence

SEED = 20261122
COUNT = 5000
"""Texts of the corpus, besides the probes."""

PROBES: dict[str, str] = {
    "title": "\x1b]2;pwned-title\x1b\\",
    "clipboard": "\x1b]52;c;cHduZWQ=\x1b\\",
    "forged": "\x1b[2J\x1b[5;10HFORGED-TEXT",
    "other screen": "\x1b[?1049l",
    "mouse and cursor": "\x1b[?1003l\x1b[?25h",
    "status query": "\x1b[6n",
    "settings query": "\x1bP$qm\x1b\\",
}
"""The seven of threats.md; there each was tried in seven widgets, here in every field of every screen."""
MORE: dict[str, str] = {
    "link": "\x1b]8;;http://evil.test/\x1b\\地点\x1b]8;;\x1b\\",
    "notification 9": "\x1b]9;pwned\x07",
    "notification 777": "\x1b]777;notify;a;b\x07",
    "title report": "\x1b[21t",
    "attributes query": "\x1b[c",
    "terminfo query": "\x1bP+q544e\x1b\\",
    "application command": "\x1b_Gpwned\x1b\\",
    "private message": "\x1b^pwned\x1b\\",
    "start of string": "\x1bXpwned\x1b\\",
    "reset": "\x1bc",
    "charset": "\x1b(0qqq",
    "8-bit csi": "\x9b2J\x9b31m",
    "8-bit osc": "\x9d2;pwned\x9c",
    "8-bit dcs": "\x90$qm\x9c",
    "hidden": "\x1b[8m隐藏\x1b[28m",
    "scroll region": "\x1b[5;6r\n\n\n",
    "repeat": "x\x1b[9999b",
    "bell": "\x07\x07\x07",
    "row forging": "东城\r\n2026-11-03 已结案\x0b\x0c\x85\u2028\u2029",
    "overwrite": "未结案\x08\x08\x08\x08\x08\x08已结案",
    "carriage": "超标\r达标",
    "nul": "a\x00b\x7f",
    "bidi": "\u202e案结已\u2066x\u2069\u202c",
    "zero width": "东\u200b城\u200d街\ufeff道\u2060",
    "tags": "东城\U000e0041\U000e0042\U000e007f",
    "selectors": "东城\ufe0f\ufe0e\U000e0101",
    "zalgo": "东" + "\u0316\u0317\u0301\u0489" * 60 + "城",
    "wide padding": "已结案" + "\u3000" * 90 + "FORGED",
    "long": "长" * 20_000,
    "markup": "[/ [/b] [bold red]已结案[/] [link=http://evil.test]x[/link] [",
    "click": "[@click=app.app_quit]see details[/] [@click=app.do_task_void('1')]x[/]",
    "click 2": "[@click='screen.do_alarm_acknowledge']确认[/] [on green]已结案[/on green]",
    "escaped json": "\\u001b]2;pwned\\u0007 \\x1b[2J %1b%5b2J &#27;[2J",
    "formula": "=cmd|'/c calc'!A0",
    "look-alike": "НZ-О00012 \u0430\u0441\u0435 MD-00012З",
    "surrogates": "a\ud800b\udfffc",
    "noncharacters": "a\ufffeb\uffffc\ufdd0d\U0001ffffe",
    "emoji": "👨\u200d👩\u200d👧 ❤\ufe0f 🇨🇳 1\ufe0f\u20e3 👍🏽",
    "arabic": "\u0600\u0661\u06dd\u070f محطة שלום",
    "ambiguous": "●▲→°±²³μ─│█…§¶",
    "paste end": "abc\x1b[201~\x1b[200~:q\r",
    "percent": "%s %n {0.__class__} {place} ${jndi:ldap://x} `id` $(id)",
    "path": "../../../../etc/passwd\n\x1b[2K",
    "dialog": "┌ 作废任务 ┐ 输入 yes 确认 └──────┘",
}

_INTRODUCERS = ("\x1b[", "\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x1bN", "\x1bO", "\x1b(", "\x1b#", "\x1b", "\x1b\x1b[",
                "\x9b", "\x9d", "\x90", "\x9f", "\x9e", "\x98", "\x8f", "\x84")  # fmt: skip
_PARAMETERS = ("", "0", "2", "5;10", "?25", "?1049", "?1003", "?2004", ">4;2", "38;2;0;255;0", "8", "6", "21", "1;1;1;1;1;1;1", "9" * 400,
               "52;c;cHduZWQ=", "8;;http://evil.test/", "2;pwned", "0;pwned", "$qm", "+q544e", "777;notify;a;b", "4;1;?", "11;?", "1337;File=:AAAA")  # fmt: skip
_FINALS: tuple[str, ...] = (
    *"ABCDGHJKLMPSTXcdfhlmnpqrstuvwxyz@`~",
    "\x1b\\",
    "\x07",
    "\x9c",
    "",
    "$p",
    " q",
    "\x18",
    "\x1a",
)
_SHIFTS = ("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c",
           "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f", "\u115f", "\u3164", "\uffa0",
           "\ufe0f", "\ufe00", "\U000e0100", "\U000e0041", "\U000e007f", "\ufff9", "\ufffb", "\u2028", "\u2029", "\u0085")  # fmt: skip
_TAGS = ("[/", "[/]", "[/b]", "[b]", "[red]", "[bold green on white]", "[@click=app.app_quit]", "[@click=app.bell]", "[@click=screen.leave()]",
         "[link=http://evil.test]", "[link='", "[$error]", "[[", "]]", "\\[", "[=", "[@", "[@click", "[a=b c=d]", "[/link]", "[not reversed]")  # fmt: skip
_WORDS = ("东城街道", "菏泽学院", "PM2.5", "已结案", "达标", "锦绣花园工地", "鲁西化工", "Heze", "ТАСК", "é", "ß", "ﬁ", "０１", "한글", "ｶﾅ", "ไทย", "नि", "🙂", "𠮷",
          "العربية", "עברית", "\t", " ", "  ", "·", "½", "㎡", "①", "﷽", "꧅", "A", "1234567890")  # fmt: skip
_MARKS = (
    "\u0301",
    "\u0316",
    "\u0489",
    "\u20dd",
    "\u0e33",
    "\u093f",
    "\u3099",
    "\U0001d165",
    "\u1ab0",
    "\u0f71",
)


def _sequence(pick: random.Random) -> str:
    return pick.choice(_INTRODUCERS) + pick.choice(_PARAMETERS) + pick.choice(_FINALS)


def _control(pick: random.Random) -> str:
    return chr(pick.choice((*range(32), *range(127, 160))))


def _stack(pick: random.Random) -> str:
    return pick.choice(_WORDS) + pick.choice(_MARKS) * pick.choice((1, 3, 5, 9, 40, 300))


def _odd(pick: random.Random) -> str:
    ranges = ((0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFFF0, 0xFFFF), (0xE000, 0xF8FF), (0x1FFFE, 0x1FFFF), (0xE0000, 0xE0FFF),
              (0x10FFF0, 0x10FFFF), (0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF), (0x300, 0x36F), (0x600, 0x605), (0x1D173, 0x1D17A),
              (0x13430, 0x13455), (0x2FF0, 0x2FFF), (0x378, 0x379), (0xA8E0, 0xA8F1))  # fmt: skip
    return chr(pick.randint(*pick.choice(ranges)))


def _any(pick: random.Random) -> str:
    return chr(pick.randrange(0x110000))


def _hidden_escape(pick: random.Random) -> str:
    told = _sequence(pick)
    shape = pick.choice(("\\u{:04x}", "\\x{:02x}", "%{:02x}", "&#{:d};", "&#x{:x};", "\\{:03o}", "=%{:02X}"))
    return "".join(str(shape).format(ord(letter)) if letter < " " else letter for letter in told)


_MAKERS: Sequence[Callable[[random.Random], str]] = (
    _sequence, _sequence, _sequence, _control, lambda pick: pick.choice(_SHIFTS), lambda pick: pick.choice(_TAGS),
    lambda pick: pick.choice(_TAGS), lambda pick: pick.choice(_WORDS), lambda pick: pick.choice(_WORDS), _stack, _odd, _any,
    _hidden_escape, lambda pick: pick.choice("=+-@\t\r") + pick.choice(_WORDS), lambda pick: pick.choice(_WORDS) * pick.choice((2, 20, 200)),
)  # fmt: skip


def nasty(pick: random.Random) -> str:
    """One text."""
    return "".join(pick.choice(_MAKERS)(pick) for _ in range(pick.choice((1, 2, 3, 5, 8))))


def corpus(count: int = COUNT, seed: int = SEED) -> list[str]:
    """The probes, then ``count`` texts; the same ones for the same seed."""
    pick = random.Random(seed)
    return [*PROBES.values(), *MORE.values(), *(nasty(pick) for _ in range(count))]


if __name__ == "__main__":
    for text in corpus(int(sys.argv[1]) if len(sys.argv) > 1 else 20):
        print(ascii(text[:200]))  # noqa: T201
