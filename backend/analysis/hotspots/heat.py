"""Which stations are hot at which step: thresholds, what must agree, what came from outside, and how long it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.hotspots.excess import Excess, Peers
from backend.analysis.hotspots.robust import Floats
from backend.analysis.hotspots.rules import rules

Flags = NDArray[np.bool_]
Bits = NDArray[np.uint8]
NONE, WATCH, HOT, STRONG = 0, 1, 2, 3


@dataclass(frozen=True)
class Heat:
    """What each station is at each step, (T, S)."""

    level: NDArray[np.int8]
    """`NONE` to `STRONG`."""
    window: NDArray[np.int8]
    """The window (its number) that speaks loudest."""
    z: Floats
    """That window's deviation."""
    neighbours: Flags
    """A neighbour stands out too."""
    agrees: Bits
    """Which other parameters at the station stand out too: a bit for each of those that were given, in their order."""
    could: Bits
    """Which of them are measured there."""
    regional: Flags
    """(T,): so much of the network stands out that it came from outside."""


def loudest(excess: Excess) -> tuple[Floats, NDArray[np.int8]]:
    """The deviation of the window that lies furthest beyond its threshold, and the window's number, (T, S)."""
    hot = np.asarray(rules()["heat"]["hot"], dtype=np.float32)
    ratio = np.nan_to_num(excess.z / hot[:, None, None], nan=-np.inf)
    window = np.argmax(ratio, axis=0)
    z = np.take_along_axis(excess.z, window[None], axis=0)[0]
    return z, window.astype(np.int8)


def judge(
    excess: Excess,
    peers: Peers,
    near: float,
    patience: NDArray[np.int8],
    material: float,
    others: Sequence[Excess],
) -> Heat:
    """Judge one parameter of one network.

    Args:
        near: metres within which a neighbour can bear witness.
        patience: how many steps in a row a station must stand out, (S,) (`patience`).
        material: the excess that counts, in the parameter's unit.
        others: the parameters at the same stations that should agree.
    """
    told = rules()["heat"]
    z, window = loudest(excess)
    loud = np.asarray(told["hot"], dtype=np.float32)[:, None, None]
    louder = np.asarray(told["strong"], dtype=np.float32)[:, None, None]
    share = np.asarray(told["share"], dtype=np.float32)[:, None, None] * np.float32(material)
    still = np.maximum(excess.z[0], excess.z[1]) >= told["now"]
    passes = (excess.over >= share) & (excess.top >= told["top"] * loud) & still
    hot = ((excess.z >= loud) & passes).any(axis=0)
    strong = ((excess.z >= louder) & passes).any(axis=0)
    hold = told["hold"]
    held = ((excess.z >= loud * hold) & (excess.over >= share * hold)).any(axis=0) & still
    neighbours, agrees, could = _witnesses(excess, peers, near, z, window, held | hot, others)
    regional = _regional(held, np.isfinite(excess.z[0]))
    level = _held(hot, strong, held, neighbours, agrees > 0, could > 0, patience, regional)
    return Heat(level, window, z, neighbours, agrees, could, regional)


def _witnesses(
    excess: Excess,
    peers: Peers,
    near: float,
    z: Floats,
    window: NDArray[np.int8],
    asked: Flags,
    others: Sequence[Excess],
) -> tuple[Flags, Bits, Bits]:
    """Of those asked, in the loudest window: does a neighbour stand out, does another parameter, could one."""
    told = rules()["heat"]
    beside = np.zeros(asked.shape, dtype=bool)
    agrees, could = np.zeros(asked.shape, dtype=np.uint8), np.zeros(asked.shape, dtype=np.uint8)
    step, station = np.nonzero(asked)
    if not len(step):
        return beside, agrees, could
    speaks = window[step, station]
    needed = np.maximum(told["agrees"], told["agrees_share"] * z[step, station])
    who = peers.who[station]
    around = np.nan_to_num(excess.z[speaks[:, None], step[:, None], np.maximum(who, 0)], nan=-9.0)
    around = np.where((who >= 0) & (peers.far[station] <= near), around, -9.0)
    beside[step, station] = around.max(axis=1, initial=-9.0) >= needed
    for number, other in enumerate(others[:8]):
        deviation = other.z[speaks, step, station]
        bit = np.uint8(1 << number)
        could[step, station] |= np.isfinite(deviation) * bit
        agrees[step, station] |= (np.nan_to_num(deviation, nan=-9.0) >= needed) * bit
    return beside, agrees, could


def _regional(held: Flags, there: Flags) -> Flags:
    told = rules()["regional"]
    out = held.sum(axis=1)
    return np.asarray((out >= told["least"]) & (out >= told["share"] * np.maximum(there.sum(axis=1), 1)))


def _held(
    hot: Flags,
    strong: Flags,
    held: Flags,
    neighbours: Flags,
    agrees: Flags,
    could: Flags,
    patience: NDArray[np.int8],
    regional: Flags,
) -> NDArray[np.int8]:
    """Step after step: raised where it is borne out, kept while it lasts, lowered to a watch where it is in doubt."""
    level = np.zeros(hot.shape, dtype=np.int8)
    before = np.zeros(hot.shape[1], dtype=np.int8)
    past = np.zeros(hot.shape[1], dtype=np.int8)
    for step in range(hot.shape[0]):
        past = np.where(hot[step], np.minimum(past + 1, patience + 1), np.maximum(past - 1, 0)).astype(
            np.int8
        )
        witness = agrees[step] | (~could[step] & neighbours[step])
        borne = (past >= patience) & (witness | (~could[step] & (past >= 2)))
        now = np.where(hot[step], np.where(borne, np.where(strong[step], STRONG, HOT), WATCH), NONE)
        keeps = held[step] & (before >= HOT) & (now < HOT)
        now = np.where(keeps, HOT, now)
        if regional[step]:
            now = np.minimum(now, WATCH)
        level[step] = before = now.astype(np.int8)
    return level


def patience(x: Floats, y: Floats, peers: Peers, step: int) -> NDArray[np.int8]:
    """For how many steps in a row a station must stand out before it is believed, (S,).

    As long as a front takes from it to its neighbours, and one step more at the edge of the network, where a front
    from outside is seen by nobody before.
    """
    told = rules()["heat"]
    second = peers.far[:, min(1, peers.far.shape[1] - 1)]
    wait = np.ceil(np.where(np.isfinite(second), second, 0.0) / (told["front"] * step))
    wait = np.maximum(wait, 1) + ~_enclosed(x, y, peers)
    return np.asarray(np.minimum(wait, told["wait"]), dtype=np.int8)


def _enclosed(x: Floats, y: Floats, peers: Peers) -> Flags:
    """Stations with neighbours on all sides: no gap between their directions wider than told, (S,)."""
    who = peers.who
    there = who >= 0
    turn = np.degrees(np.arctan2(x[who] - x[:, None], y[who] - y[:, None])) % 360.0
    turn = np.sort(np.where(there, turn, np.nan), axis=1)
    count = there.sum(axis=1)
    first = turn[:, :1] + 360.0
    last = np.take_along_axis(turn, np.maximum(count - 1, 0)[:, None], axis=1)
    inner = np.nan_to_num(np.diff(turn, axis=1), nan=0.0).max(axis=1, initial=0.0)
    widest = np.maximum(inner, np.nan_to_num(first - last, nan=360.0)[:, 0])
    return np.asarray((count >= 3) & (widest <= rules()["heat"]["gap"]))
