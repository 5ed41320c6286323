"""HJ 212-2017 frames as dust monitors of building sites send them (ST=39, CN=2061 hourly means).

Written for the demo alone, so that the product's decoder is tried against frames it did not build itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from backend.demo import dice
from backend.demo.upstream import SiteHour, Told

CODES = {
    "pm25": "a34004",
    "pm10": "a34002",
    "tsp": "a34001",
    "noise": "LA",
    "temp": "a01001",
    "rh": "a01002",
    "pressure": "a01006",
    "wind_speed": "a01007",
    "wind_dir": "a01008",
}
"""Parameter: factor code of HJ 212-2017 annex B."""
_BROKEN, _RESENT = 0.002, 0.004


def _shifted(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0xA001 if byte & 1 else 0)
    return byte


_TABLE = [_shifted(byte) for byte in range(256)]


def crc(segment: bytes) -> int:
    """The check of HJ 212-2017 annex A over the data segment: the register loses its low byte at every byte."""
    register = 0xFFFF
    for byte in segment:
        # The eight shifts of (register >> 8) ^ byte at once; its high byte is 0, so one look-up is all.
        register = _TABLE[(register >> 8) ^ byte]
    return register


def frame(segment: str) -> bytes:
    """A data segment in its envelope."""
    body = segment.encode()
    return b"##%04d%b%04X\r\n" % (len(body), body, crc(body))


def hourly(hour: SiteHour, values: Mapping[str, Told], zone: tzinfo, sent: int) -> bytes:
    """One hour of one monitor; a factor without a value is left out, as monitors do."""
    factors = [
        f"{CODES[name]}-Avg={told.value:.10g},{CODES[name]}-Flag=N"
        for name, told in values.items()
        if name in CODES and told.value is not None
    ]
    stamp = datetime.fromtimestamp(sent, UTC).astimezone(zone).strftime("%Y%m%d%H%M%S000")
    time = datetime.fromtimestamp(hour.start, UTC).astimezone(zone).strftime("%Y%m%d%H%M%S")
    body = ";".join([f"DataTime={time}", *factors])
    return frame(f"QN={stamp};ST=39;CN=2061;PW=123456;MN={hour.site.upstream};Flag=4;CP=&&{body}&&")


def batch(hours: Sequence[SiteHour], now: int, zone: tzinfo, seed: int) -> bytes:
    """All frames, oldest first; a few come garbled on the line and again whole, a few come twice."""
    frames = []
    for hour in hours:
        whole = hourly(hour, hour.at(now), zone, hour.out)
        chance = dice.unit(dice.key(seed, hour.site.code, "line"), hour.start)
        if chance < _BROKEN:
            frames.append(whole.replace(b"-Avg=", b"-Avg=9", 1))
        elif chance < _BROKEN + _RESENT:
            frames.append(whole)
        frames.append(whole)
    return b"".join(frames)
