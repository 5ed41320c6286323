"""Feeds that can be added by name: ``gridseat feeds add cnemc --city 菏泽市``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.feeds.cnemc import URL as CNEMC_URL
from backend.feeds.fault import OptionFault, OptionsError
from backend.feeds.manage import FeedSpec
from backend.feeds.openmeteo import URL as METEO_URL
from backend.text import clean
from backend.words import Message


@dataclass(frozen=True)
class Preset:
    """A feed that lacks only what `options` names."""

    options: tuple[str, ...]
    build: Callable[[Mapping[str, str]], FeedSpec]


def _cnemc(given: Mapping[str, str]) -> FeedSpec:
    city = given["city"]
    return FeedSpec(
        code=given.get("code") or "cnemc",
        adapter="cnemc",
        url=given.get("url") or CNEMC_URL,
        name=f"国家站实时数据（{city}）",
        # A JSON string is a TOML string too.
        options=f"city = {json.dumps(city, ensure_ascii=False)}\n",
    )


def _openmeteo(given: Mapping[str, str]) -> FeedSpec:
    return FeedSpec(
        code=given.get("code") or "openmeteo",
        adapter="openmeteo",
        url=given.get("url") or METEO_URL,
        name="Open-Meteo 气象格点",
    )


def _hj212(given: Mapping[str, str]) -> FeedSpec:
    return FeedSpec(code=given.get("code") or "hj212", adapter="hj212", name="HJ 212 设备上报")


def _sensorthings(given: Mapping[str, str]) -> FeedSpec:
    return FeedSpec(
        code=given.get("code") or "sensorthings",
        adapter="sensorthings",
        url=given["url"],
        name="SensorThings",
    )


PRESETS: Mapping[str, Preset] = {
    "cnemc": Preset(("city",), _cnemc),
    "openmeteo": Preset((), _openmeteo),
    "hj212": Preset((), _hj212),
    "sensorthings": Preset(("url",), _sensorthings),
}


def preset(name: str, *, city: str = "", url: str = "", code: str = "") -> FeedSpec:
    """The feed that a preset stands for.

    Args:
        city: its full name in Chinese, where the preset is of a city.
        url: another address than the preset's.
        code: the feed's code; the preset's name where empty.

    Raises:
        OptionsError: there is no such preset, or it lacks something.
    """
    found = PRESETS.get(name)
    if found is None:
        message = Message(
            "feed.preset.unknown", {"preset": clean(name, limit=40), "choices": ", ".join(PRESETS)}
        )
        raise OptionsError([OptionFault("preset", message)])
    given = {"city": clean(city, limit=40), "url": url.strip(), "code": code.strip()}
    for option in found.options:
        if not given[option]:
            message = Message("feed.preset.option", {"preset": name, "option": f"--{option}"})
            raise OptionsError([OptionFault(option, message)])
    return found.build(given)
