"""Feeds that can be added by name: ``gridseat feeds add cnemc --city 菏泽市``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.feeds.cnemc import URL as CNEMC_URL
from backend.feeds.manage import FeedSpec, add
from backend.feeds.openmeteo import URL as METEO_URL
from backend.store.engine import Store
from backend.text import clean
from backend.words import Outcome


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


def add_preset(store: Store, name: str, given: Mapping[str, str], now: int) -> Outcome:
    """Add a feed by a preset's name.

    Args:
        given: ``city``, ``url``, ``code``: what the person said. A city in Chinese is named in full.
    """
    preset = PRESETS.get(name)
    if preset is None:
        return Outcome.refused(
            "feed.preset.unknown", preset=clean(name, limit=40), choices=", ".join(PRESETS)
        )
    for option in preset.options:
        if not given.get(option, "").strip():
            return Outcome.refused("feed.preset.option", preset=name, option=f"--{option}")
    return add(store, preset.build({key: value.strip() for key, value in given.items()}), now)
