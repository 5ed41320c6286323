"""HJ 212: the frames of 2005, 2017 and (unencrypted) 2025, from a file or as a hub receives them.

``DataTime`` names the start of the period for CN 2051, 2061 and 2031 and is the sampling instant for 2011
(HJ 212-2017 table 4). Of a factor the ``-Rtd`` value counts in 2011 and the ``-Avg`` value in the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backend.feeds.adapter import Declares, Upstream
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.hj212.frame import Frame, Garbage, crc, split
from backend.feeds.hj212.options import Command, Hj212Options, read_options
from backend.feeds.making import Making
from backend.feeds.options import Table
from backend.feeds.record import Page, Place, Record
from backend.feeds.session import Session
from backend.feeds.times import AHEAD
from backend.feeds.units import Parameters
from backend.feeds.values import number
from backend.text import clean
from backend.words import Message

__all__ = [
    "ADAPTER",
    "Frame",
    "Garbage",
    "Hj212Options",
    "crc",
    "default_options",
    "fault_of",
    "page",
    "read_options",
    "split",
]

_FAR = 4_102_444_800
"""2100-01-01: without a clock at hand, what lies beyond is garbage."""


class Hj212:
    """The adapter ``hj212``; its upstream pushes, so there is nothing to poll."""

    declares = Declares(
        speaks="HJ 212-2017, HJ 212-2025 (plain), HJ/T 212-2005",
        label="start",
        zone="options",
        units="options",
        every=0,
        overlap=0,
        unverified="HJ 212-2025: calibrated on three public implementations, not on the standard's text",
    )

    def read(self, table: Table, parameters: Parameters) -> Hj212Options:
        """See `backend.feeds.adapter.Adapter.read`."""
        return read_options(table, parameters)

    def pages(self, _upstream: Upstream, _options: Any, _session: Session, /) -> Iterator[Page]:
        """Nothing can be asked of devices that push.

        Raises:
            FeedError: always.
        """
        raise FeedError("hj212.push", fatal=True)


ADAPTER = Hj212()


def default_options(parameters: Parameters | None = None) -> Hj212Options:
    """The settings of a source that says nothing of its own: units as ambient stations send them."""
    return read_options(Table.parse(""), parameters or Parameters.default())


def page(raw: bytes, options: Hj212Options, now: int | None = None) -> Page:
    """The records of any number of frames; what is wrong is put aside, frame by frame or factor by factor.

    Args:
        raw: frames with or without line ends, and whatever else a line carried.
        now: the instant, to refuse impossible times.
    """
    taking = _Taking(options, now if now is not None else _FAR - AHEAD)
    for piece in split(raw):
        taking.take(piece)
    return taking.page()


def fault_of(frame: Frame) -> Message | None:
    """Why a frame can't be trusted as a whole; None where its length and CRC are right and it is clear.

    An encrypted body comes before the CRC: that was taken before the encryption, so it can't be checked.
    """
    if not frame.given:
        return Message("hj212.cut", {"declared": frame.declared, "length": len(frame.segment)})
    if not frame.length_ok:
        return Message("hj212.length", {"declared": frame.declared, "length": len(frame.segment)})
    if frame.sealed:
        return Message("hj212.sm4", {"mn": clean(frame.fields.get("MN", ""), limit=64)})
    if not frame.crc_ok:
        return Message("hj212.crc", {"given": clean(frame.given), "calculated": frame.calculated})
    return None


class _Taking(Making):
    """The page in the making."""

    def __init__(self, options: Hj212Options, now: int) -> None:
        super().__init__()
        self._options = options
        self._now = now
        self._times: dict[tuple[str, str, str], str] = {}

    def take(self, piece: Frame | Garbage) -> None:
        """Take a frame, or put it aside."""
        if isinstance(piece, Garbage):
            self.put_aside(Message("hj212.garbage", {"bytes": len(piece.raw)}), piece.raw)
            return
        fault = fault_of(piece)
        if fault is not None:
            self.put_aside(fault, piece.raw)
            return
        try:
            self._frame(piece)
        except RecordError as error:
            self.put_aside(error.message, piece.raw)

    def _frame(self, frame: Frame) -> None:
        fields, options = frame.fields, self._options
        if "CN" not in fields:
            raise RecordError("hj212.field", field="CN")
        command = options.commands.get(fields["CN"])
        if command is None:
            # Handshakes, acknowledgements, states and parameters hold no readings.
            return
        device = clean(fields.get("MN", ""), limit=64)
        if not device:
            raise RecordError("hj212.field", field="MN")
        # A message in several packets (PNUM, PNO) may say its time only in the first.
        packet = (device, fields["CN"], fields.get("QN", ""))
        label = frame.value("DataTime") or self._times.get(packet, "")
        if not label:
            raise RecordError("hj212.field", field="DataTime")
        self._times[packet] = label
        if not label.isdigit() or len(label) not in (14, 17):
            raise RecordError("feed.time.unreadable", value=label)
        start = options.time.start(label, options.periods[command.period], self._now)
        kind = options.kinds.get(fields.get("ST", ""), "")
        self.places.setdefault(device, Place(device, "", None, None, kind))
        for name in frame.twice:
            self.put_aside(Message("hj212.twice", {"factor": clean(name, limit=40)}), frame.raw)
        for code, values in frame.factors.items():
            # DataTime, RF and their like have no kind of value; SBn is the state of a device, no reading.
            if (set(values) - {""}) and code not in options.ignore and not code.upper().startswith("SB"):
                self._factor(frame, device, code, command, start)

    def _factor(self, frame: Frame, device: str, code: str, command: Command, start: int) -> None:
        values, shown = frame.factors[code], clean(code, limit=40)
        factor = self._options.factor(device, code)
        given = next((values[kind] for kind in command.values if kind in values), None)
        if factor is None or given is None:
            reason = "hj212.code.unknown" if factor is None else "hj212.novalue"
            # Few bytes and always the same ones, so that a factor nobody wants is one row that counts.
            raw = f"MN={device};CN={frame.fields['CN']};{code}"[:200].encode("utf-8", "replace")
            self.put_aside(Message(reason, {"factor": shown}), raw)
            return
        try:
            value, qualifier = number(given, shown)
        except RecordError as error:
            self.put_aside(error.message, frame.raw)
            return
        period = self._options.periods[command.period]
        kept = None if value is None else factor.conversion.apply(value)
        # Some senders write the flag without its kind: "NOIS=N".
        flag = clean(values.get("Flag") or values.get("", ""), limit=8)
        self.records.append(
            Record(device, factor.parameter, start, period, kept, qualifier, flag, frame.resent)
        )
