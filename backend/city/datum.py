"""GCJ-02 火星坐标 into WGS-84.

Positions taken from AMap or Tencent are in GCJ-02: WGS-84 shifted by some 300 to 700 m, by a rule that the state keeps
and that everybody has since measured. The forward formula is the one in open use (eviltransform, coordtransform: a
series of sines on the ellipsoid of Krasovsky 1940); it has no inverse in closed form, so one is found by iteration.
Outside China GCJ-02 is WGS-84.
"""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt
from typing import Literal

Datum = Literal["WGS-84", "CGCS2000", "GCJ-02"]
DATUMS: tuple[Datum, ...] = ("WGS-84", "CGCS2000", "GCJ-02")
"""What positions may be given in. CGCS2000 and WGS-84 differ by centimetres, and count as the same."""
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
"""Krasovsky 1940: semi-major axis in metres, first eccentricity squared."""
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""The box in which positions are shifted: west, south, east, north."""
CLOSE = 1e-9
"""Degrees (a tenth of a millimetre) at which the iteration ends; three or four rounds reach it."""
DECIMALS = 6
"""Of a converted position: a tenth of a metre."""


def datum_of(text: str) -> Datum | None:
    """The datum that a pack names, however it spells it: ``gcj02`` and ``GCJ-02`` are the same."""
    plain = text.upper().replace("-", "").replace("_", "").replace(" ", "")
    return next((known for known in DATUMS if known.replace("-", "") == plain), None)


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """A WGS-84 position in GCJ-02."""
    if not (CHINA[0] <= lon <= CHINA[2] and CHINA[1] <= lat <= CHINA[3]):
        return lon, lat
    east, north = _shift(lon - 105.0, lat - 35.0)
    angle = radians(lat)
    bend = 1 - ECCENTRICITY * sin(angle) ** 2
    meridian = AXIS * (1 - ECCENTRICITY) / (bend * sqrt(bend))
    return (
        lon + east * 180.0 / (AXIS / sqrt(bend) * cos(angle) * pi),
        lat + north * 180.0 / (meridian * pi),
    )


def to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """A GCJ-02 position in WGS-84, rounded to `DECIMALS`."""
    x, y = lon, lat
    for _ in range(10):
        east, north = to_gcj02(x, y)
        dx, dy = lon - east, lat - north
        x, y = x + dx, y + dy
        if abs(dx) < CLOSE and abs(dy) < CLOSE:
            break
    return round(x, DECIMALS), round(y, DECIMALS)


def box_to_wgs84(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The WGS-84 box [west, south, east, north] that holds a box given in GCJ-02."""
    corners = [to_wgs84(lon, lat) for lon in box[::2] for lat in box[1::2]]
    lons, lats = [lon for lon, _ in corners], [lat for _, lat in corners]
    return min(lons), min(lats), max(lons), max(lats)


def _shift(x: float, y: float) -> tuple[float, float]:
    """How far east and north a position is moved, in metres."""
    both = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (
        (both + _waves(x, 20.0, 40.0) + 150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    )
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (
        (both + _waves(y, 20.0, 40.0) + 160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    )
    return east, north


def _waves(at: float, whole: float, third: float) -> float:
    return whole * sin(at * pi) + third * sin(at / 3.0 * pi)
