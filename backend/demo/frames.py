"""Site instruments as HJ 212 frames, written from the standard alone: nothing here is shared with what reads them.

A frame is ``##``, four digits of length, the data segment, four hex digits of CRC and ``\\r\\n`` (HJ 212-2017 6.3);
of a period's values ``DataTime`` names the start (table 4). An instrument in trouble sends a number all the same, with
the flag D. A frame that the line has damaged differs from the one that was sent in a byte, its length, or its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from backend.demo import dice
from backend.demo.shapes import civil
from backend.demo.upstream import SiteHour, Told

FACTORS: Mapping[str, tuple[str, float]] = {
    "pm10": ("a34002", 1),
    "pm25": ("a34004", 1),
    "tsp": ("a34001", 1),
    "noise": ("LA", 1),
    "temp": ("a01001", 1),
    "rh": ("a01002", 1),
    "pressure": ("a01006", 10),
    "wind_speed": ("a01007", 1),
    "wind_dir": ("a01008", 1),
    "so2": ("a21026", 1),
    "no2": ("a21004", 1),
    "co": ("a21005", 1),
}
"""Codes of HJ 212-2017 annex B, and how many of our units make one of theirs (pressure goes as kPa)."""
SYSTEMS = {"site_dust": "39", "air": "22", "township_air": "22", "road_dust": "22", "water": "21"}
"""ST by kind of station (HJ 212-2017 table 5)."""
HOUR, DAY = 3600, 86_400
FLAG_2017, FLAG_2025 = 5, 9
"""The edition in the upper bits, and that an answer is wanted."""
DAMAGES = ("byte", "length", "cut")


def command(period: int) -> tuple[str, str]:
    """CN and the kind of value for a period: sampled, minutes, hour, day."""
    if period <= 60:
        return "2011", "Rtd"
    if period < HOUR:
        return "2051", "Avg"
    return ("2061", "Avg") if period < DAY else ("2031", "Avg")


def _after(byte: int) -> int:
    """What the register holds after the eight steps of one byte."""
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_STEPS = [_after(byte) for byte in range(256)]


def crc(segment: bytes) -> int:
    """The CRC of HJ 212-2017 annex A: the high byte goes on, with the next byte of the text taken in."""
    register = 0xFFFF
    for byte in segment:
        register = _STEPS[register >> 8 ^ byte]
    return register


def framed(segment: bytes) -> bytes:
    """A data segment with its head, its length and its CRC."""
    return b"##%04d%s%04X\r\n" % (len(segment), segment, crc(segment))


def shown(values: Mapping[str, Told], chance: int) -> dict[str, tuple[float, str]]:
    """What the instrument sends of a period: number and flag by parameter.

    A value that is missing is left out, or comes as a zero with the flag D (instrument fault).
    """
    found: dict[str, tuple[float, str]] = {}
    for step, (name, told) in enumerate(sorted(values.items())):
        if name not in FACTORS:
            continue
        if told.value is not None:
            found[name] = told.value, "N"
        elif dice.unit(chance, 50 + step) < 0.5:
            found[name] = 0.0, "D"
    return found


def frame(
    hour: SiteHour,
    values: Mapping[str, tuple[float, str]],
    zone: tzinfo,
    *,
    newer: bool = False,
    again: bool = False,
) -> bytes:
    """One period of one instrument.

    Args:
        values: as `shown` gives them.
        newer: the instrument speaks HJ 212-2025 (in the clear).
        again: what was kept while the line was down or nobody answered (补传); 2025 says so by ``RF=1``.
    """
    code, kind = command(hour.period)
    parts = [f"DataTime={civil(hour.start, zone, '%Y%m%d%H%M%S')}"]
    if newer and again:
        parts.append("RF=1")
    for name, (value, flag) in values.items():
        factor, per_unit = FACTORS[name]
        parts.append(f"{factor}-{kind}={value / per_unit:.10g},{factor}-Flag={flag}")
    sent = civil(hour.out, zone, "%Y%m%d%H%M%S") + f"{dice.lasting(hour.site.code) % 1000:03d}"
    mark = FLAG_2025 if newer else FLAG_2017
    head = f"QN={sent};ST={SYSTEMS.get(hour.site.kind, '39')};CN={code};PW=123456;MN={hour.site.upstream}"
    return framed(f"{head};Flag={mark};CP=&&{';'.join(parts)}&&".encode())


def damaged(raw: bytes, chance: int) -> bytes:
    """A frame as it comes over a bad line: never one that could pass for what was sent."""
    how = DAMAGES[dice.mix(chance, 60) % len(DAMAGES)]
    if how == "length":
        return b"##%04d%s" % ((int(raw[2:6]) + 7) % 10_000, raw[6:])
    if how == "cut":
        # Cut within its values, the line end still comes.
        body = raw.index(b"CP=&&") + 5
        return raw[: body + dice.mix(chance, 61) % (len(raw) - body - 12)] + b"\r\n"
    at = raw.index(b"-") + dice.mix(chance, 61) % 8
    return raw[:at] + bytes([raw[at] ^ 1 << dice.mix(chance, 62) % 4]) + raw[at + 1 :]
