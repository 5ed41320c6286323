"""What a source adds downwind: a Gaussian plume, hour by hour.

Concentration at ground level under a release at height H with reflection at the ground (Turner 1970, eq. 3.2):
C = Q / (pi u sy sz) exp(-y2 / 2 sy2) exp(-H2 / 2 sz2), with Briggs' (1973) rural class D spreads, the meander of the
hourly wind added to sy, an initial size, and a slow loss to the ground.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from backend.demo.record import Wind

KG_PER_HOUR = 1e9 / 3600
"""One kg/h in µg/s."""


def meander(speed: float, options: Mapping[str, Any]) -> float:
    """The angle (degrees) by which an hour's wind wanders to either side."""
    calm = (2.0 - min(max(speed, 0.5), 2.0)) / 1.5
    return float(options["meander"] + (options["calm_meander"] - options["meander"]) * calm)


def offsets(wind: Wind, dx: float, dy: float) -> tuple[float, float]:
    """How far a point lies downwind and aside (km), being dx east and dy north of the source."""
    towards = math.radians(wind.origin + 180)
    east, north = math.sin(towards), math.cos(towards)
    return dx * east + dy * north, dx * north - dy * east


def concentration(
    kind: str, wind: Wind, dx: float, dy: float, options: Mapping[str, Any]
) -> tuple[float, float]:
    """What 1 kg/h adds at a point (µg/m³), and how many hours the air takes to get there.

    Args:
        kind: the kind of episode, whose release has a size in ``options["size"]``.
        dx, dy: the point's place east and north of the source, km.
    """
    speed = max(wind.speed, options["slowest"])
    along, aside = offsets(wind, dx, dy)
    if math.hypot(dx, dy) <= options["on_site"]:
        along, aside = options["on_site"], 0.0
    if along <= 0 or along > options["reach"]:
        return 0.0, 0.0
    size = options["size"][kind]
    x, y = along * 1000, aside * 1000
    wander = x * math.tan(math.radians(meander(wind.speed, options)))
    side = math.sqrt((0.08 * x / math.sqrt(1 + 0.0001 * x)) ** 2 + wander**2 + size["side"] ** 2)
    up = min(math.hypot(0.06 * x / math.sqrt(1 + 0.0015 * x), size["up"]), options["mixing"])
    if abs(y) > 4 * side:
        return 0.0, 0.0
    shape = math.exp(-(y**2) / (2 * side**2) - size["height"] ** 2 / (2 * up**2))
    kept = math.exp(-along / options["deposition"])
    return KG_PER_HOUR * shape * kept / (math.pi * speed * side * up), along / (speed * 3.6)
