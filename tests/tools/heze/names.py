"""Names: pinyin, English names, stems of villages, made-up names of people."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from random import Random

READINGS = {
    "单": ("shan",),
    "郓": ("yun",),
    "鄄": ("juan",),
    "都司": ("du", "si"),
    "什集": ("shi", "ji"),
    "闫什": ("yan", "shi"),
    "长寨": ("chang", "zhai"),
    "曾": ("zeng",),
    "翟": ("zhai",),
}
"""Beginnings of place names that the dictionary reads otherwise: 单县, and villages called after a surname."""
_BODY = re.compile(
    r"(社区居民委员会|社区居委员会|社区居委会|村村民委员会|村村民委会|村民委员会|村委会|居民委员会|居委会|生活区)$"
)
SURNAMES = "王李张刘陈杨赵孙朱马郭高徐胡宋郑冯曹田董袁于程潘吕丁任姚范石孔孟谢侯段贾"
GIVEN = "伟强磊军勇杰涛超明刚平辉鹏飞斌波宁浩亮洋丽娜静敏艳娟霞玲芳燕萍红梅雪颖琳慧莉倩云"


@cache
def syllables(name: str) -> tuple[str, ...]:
    """The name's pinyin, one syllable for each character; what is no character stays as it is."""
    for place, reading in READINGS.items():
        if name.startswith(place):
            return (*reading, *syllables(name[len(place) :]))
    return tuple(import_module("pypinyin").lazy_pinyin(name)) if name else ()


def pinyin(name: str) -> str:
    """Pinyin with blanks between, to search by."""
    return " ".join(syllables(name))


def initials(name: str) -> str:
    """First letters of the pinyin; digits stay."""
    letters = (part if part.isdigit() else part[0] for part in syllables(name))
    return "".join(letter for letter in letters if letter.isalnum()).lower()


def english(name: str) -> str:
    """A place name in letters (GB/T 28039: joined, first letter large, apostrophe before a, o, e)."""
    joined = ""
    for part in syllables(name):
        joined += ("'" if joined and part[0] in "aoe" and joined[-1].isalpha() else "") + part
    return joined.replace("lv", "lü").replace("nv", "nü").capitalize()


def written(name: str) -> str:
    """A person's name in letters (GB/T 28039): the surname, then the given name joined, each with a large letter."""
    surname, *given = syllables(name)
    joined = ""
    for part in given:
        joined += ("'" if joined and part[0] in "aoe" else "") + part
    return f"{surname.capitalize()} {joined.capitalize()}".rstrip()


BRANCHES = (("北支", "North Branch"), ("南支", "South Branch"))


def english_river(name: str) -> str:
    """The English name of a river: what a river is, and which of its branches, is translated."""
    for suffix, said in BRANCHES:
        if name.endswith(suffix):
            return f"{english_river(name.removesuffix(suffix))} {said}"
    stem = name.removesuffix("河")
    return f"{english(stem)} River" if stem != name else english(name)


SUFFIXES = (
    ("经济技术开发区", "Economic and Technological Development Zone"),
    ("高新技术开发区", "High-tech Development Zone"),
    ("街道", "Subdistrict"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("县", "County"),
    ("区", "District"),
    ("市", "City"),
)


def english_place(name: str) -> tuple[str, str]:
    """The English name of a county or township, and what it is in Chinese."""
    for suffix, said in SUFFIXES:
        stem = name.removesuffix(suffix)
        if stem != name:
            # 曹县 and 单县 keep their one-syllable stem whole, as maps do.
            whole = name if len(stem) == 1 and suffix == "县" else stem
            return f"{english(whole)} {said}", suffix if "开发区" not in suffix else "开发区"
    return english(name), ""


def short_place(name: str) -> str:
    """A county's or township's name as people say it: without what it is, unless one character would be left."""
    for suffix, _said in SUFFIXES:
        stem = name.removesuffix(suffix)
        if stem != name and len(stem) > 1:
            return stem
    return name


def village_stem(name: str) -> str:
    """A village's or community's name without its committee."""
    return _BODY.sub("", name) or name


class People:
    """Names and telephone numbers that belong to nobody: every number lies in 139-0000."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._number = 0
        self._given: set[str] = set()

    def name(self) -> str:
        """A name that was not given out before."""
        while True:
            letters = self._random.choices(GIVEN, k=self._random.choice((1, 2, 2, 2)))
            name = self._random.choice(SURNAMES) + "".join(letters)
            if name not in self._given:
                self._given.add(name)
                return name

    def phone(self) -> str:
        """The next telephone number."""
        self._number += 1
        return f"139-0000-{self._number:04d}"
