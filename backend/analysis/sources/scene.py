"""A scene 溯源现场: what stations measured over a window, and the wind; and the judgement over its candidates.

Arrays in, probabilities out: nothing here knows the store. All lengths are in spacings of the network, all times follow
the cadence, so that a well pad of three hundred metres by the minute is judged as a region of two hundred kilometres by
the hour is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.sources.footprint import footprints, round_about
from backend.analysis.sources.heights import Variants, unnamed, variants
from backend.analysis.sources.increments import Increments, increments
from backend.analysis.sources.locate import Found, Turn, blocks, locate
from backend.analysis.sources.numbers import LocateNumbers, Numbers
from backend.analysis.sources.trajectory import PathBook
from backend.analysis.sources.wind import Winds


@dataclass(frozen=True)
class Scene:
    """What was measured: the window ``start <= t < end``, and the time before it for the stations' own levels."""

    times: NDArray[np.int64]
    period: int
    values: Floats
    """(T, S), NaN where nothing good was measured."""
    x: Floats
    y: Floats
    """Metres, (S,)."""
    spacing: float
    winds: Winds
    start: int
    end: int
    focus: int | None = None
    """The station that is asked about; all alike where None."""
    begun: bool = False
    """The window is said to be the whole of a release: before it there was none."""
    own: NDArray[np.bool_] | None = None
    """Which stations stand at a source of their own, and rise for that too, (S,); none where None."""


@dataclass(frozen=True)
class Judged:
    """What came of a scene."""

    found: Found
    increments: Increments
    above: Floats
    """Increments in blocks, (B, S)."""
    block: int
    """Seconds of a block."""
    windy: bool
    """Whether the wind had a say; else distance alone."""
    heard: NDArray[np.intp]
    """The stations that had a say, by their place in the scene."""
    cells: int
    """Of the lattice on which an unknown source was tried."""


def judge(
    scene: Scene,
    x: Floats,
    y: Floats,
    prior: Floats,
    numbers: Numbers,
    *,
    book: PathBook | None = None,
    tops: Floats | None = None,
) -> Judged:
    """Weigh candidates at places (metres, (C,)) with these shares before anything was measured.

    Args:
        book: the network's paths, where a whole city is judged at once: coarser, and many times as fast.
        tops: how high each candidate may let go (`shares_of`), (C, N); as those of no known kind where None.
    """
    options = numbers.locate
    who, weights = heard(scene, options)
    px, py = scene.x[who], scene.y[who]
    own = None if scene.own is None else scene.own[who]
    told = increments(
        scene.times, scene.period, scene.values[:, who], scene.start, scene.end, numbers.increment, own
    )
    size = _block(scene, len(told.times), options)
    above = blocks(told.above, size)
    if book is not None:
        options = replace(options, rates=options.rates_city)
    cells = options.cells if book is None else options.cells_city
    places = lattice(scene, px, py, x, y, cells, numbers)
    both = np.concatenate([x, places[0]]), np.concatenate([y, places[1]])
    turns = options.turns if book is None else options.turns_city
    count = len(x)
    since = float(scene.start) if scene.begun else None
    tops = unnamed(count, scene.spacing) if tops is None else tops
    high = variants(tops, scene.spacing, len(places[0]), city=book is not None)
    tried = np.concatenate([both[0], both[0][high.owner]]), np.concatenate([both[1], both[1][high.owner]])
    touch = np.concatenate([np.zeros(len(both[0])), high.touch])
    each = _footprints(scene, px, py, tried, touch, told, size, turns, since, numbers, book, who)
    windy = each is not None
    if not who.size:
        options = replace(options, nothing=options.nothing_unheard)
    if each is None:
        high = Variants.none(len(both[0]))
        options = replace(options, unlike=options.unlike_still, unknown=options.unknown_still)
        still = round_about(px, py, both, scene.spacing, numbers.footprint)
        each, turns = [np.broadcast_to(still, (len(above), *still.shape))], (0.0,)
    logs = np.array([-0.5 * (turn / options.turn_spread) ** 2 for turn in turns])
    logs -= np.log(np.exp(logs).sum())
    found = locate(
        above,
        told.scatter,
        [
            Turn(float(log), part[:, :, :count], part[:, :, count : len(both[0])], part[:, :, len(both[0]) :])
            for log, part in zip(logs, each, strict=True)
        ],
        prior,
        options,
        weights[who],
        spots(places, x, y, options.beside),
        own,
        high,
    )
    return Judged(found, told, above, size * scene.period, windy, who, cells)


def heard(scene: Scene, options: LocateNumbers) -> tuple[NDArray[np.intp], Floats]:
    """Which stations have a say, and how much: the nearer to the one that is asked about, the more."""
    inside = (scene.times >= scene.start) & (scene.times < scene.end)
    speaks = np.asarray(np.isfinite(scene.values[inside]).any(axis=0))
    if scene.focus is None:
        return np.flatnonzero(speaks), np.ones(len(scene.x))
    far = np.hypot(scene.x - scene.x[scene.focus], scene.y - scene.y[scene.focus]) / max(scene.spacing, 1.0)
    weights = np.exp(-0.5 * (far / options.near) ** 2)
    near = np.argsort(far, kind="stable")
    near = near[(far[near] <= options.heard) & speaks[near]]
    if scene.own is None:
        return np.sort(near[: options.stations]), weights
    at_source = scene.own[near]
    near = np.concatenate([near[~at_source][: options.stations], near[at_source][: options.sites]])
    return np.sort(near), weights


def _block(scene: Scene, steps: int, options: LocateNumbers) -> int:
    """How many steps a block has."""
    lasts = max(scene.end - scene.start, scene.period)
    wanted = max(scene.period, min(options.block_seconds, lasts // options.blocks))
    return max(1, wanted // scene.period, -(-steps // options.most_blocks))


def _footprints(
    scene: Scene,
    px: Floats,
    py: Floats,
    sources: tuple[Floats, Floats],
    touch: Floats,
    told: Increments,
    size: int,
    turns: tuple[float, ...],
    since: float | None,
    numbers: Numbers,
    book: PathBook | None,
    who: NDArray[np.intp],
) -> list[Floats] | None:
    """Footprints in blocks, (B, S, C) for each turn; None where no wind is known in the window."""
    if not len(told.times) or not scene.winds.known:
        return None
    # The wind's own cadence where it is finer: an hour's mean plume is no plume of the mean wind.
    finer = max(1, min(scene.period // max(scene.winds.period, 1), 12))
    step = scene.period / finer
    every = (told.times[:, None] + (np.arange(finer) + 0.5) * step).ravel()
    stride = max(1, -(-len(every) // numbers.locate.samples))
    per_block = max(1, size * finer // stride)
    if stride > 1:
        stride = max(1, size * finer // per_block)
        every = every[stride // 2 :: stride]
    paths = book.of(told.times, who) if book is not None and finer == 1 and stride == 1 else None
    parts = footprints(
        scene.winds,
        px,
        py,
        every,
        sources,
        scene.spacing,
        numbers.footprint,
        turns=turns,
        since=since,
        paths=paths,
        touch=touch,
    )
    if not np.isfinite(parts[0]).any():
        return None
    count = -(-len(told.times) // size)
    found = []
    for part in parts:
        mean = blocks(part.astype(np.float64), per_block)
        if len(mean) < count:
            mean = np.concatenate([mean, np.repeat(mean[-1:], count - len(mean), axis=0)])
        found.append(np.asarray(mean[:count]))
    return found


def spots(places: tuple[Floats, Floats], x: Floats, y: Floats, beside: float) -> Floats:
    """How an unknown source is spread over the lattice before anything was measured, (L,), adding up to 1.

    Part of them evenly, part where the listed ones stand: works lie where works are. The width of the latter is
    Silverman's rule for the density of the candidates (x, y).
    """
    even = np.full(len(places[0]), 1.0 / max(len(places[0]), 1))
    if len(x) < 2 or not len(even):
        return even
    width = float(np.sqrt((x.var() + y.var()) / 2)) * len(x) ** (-1 / 6)
    if width <= 0:
        return even
    far = (places[0][:, None] - x) ** 2 + (places[1][:, None] - y) ** 2
    dense = np.exp(far / (-2 * width**2)).sum(axis=1)
    total = float(dense.sum())
    return even if total <= 0 else np.asarray((1 - beside) * even + beside * dense / total)


def lattice(
    scene: Scene, px: Floats, py: Floats, x: Floats, y: Floats, cells: int, numbers: Numbers
) -> tuple[Floats, Floats]:
    """Places at which a source may stand that nobody has in the inventory: evenly over where candidates are.

    Args:
        px, py: of the stations that have a say, metres.
        x, y: of the candidates.
    """
    if scene.focus is not None:
        # What stands among the candidates' reach around the station that is asked about.
        middle_x, middle_y = scene.x[scene.focus], scene.y[scene.focus]
        reach = float(np.hypot(x - middle_x, y - middle_y).max(initial=scene.spacing))
        reach = min(reach, numbers.footprint.reach * scene.spacing)
        low_x, high_x, low_y, high_y = middle_x - reach, middle_x + reach, middle_y - reach, middle_y + reach
    else:
        # A source with a wrong position must not stretch the ground over which the unknown one is looked for.
        far = (
            np.hypot(x[:, None] - px, y[:, None] - py).min(axis=1) if len(x) and len(px) else np.zeros(len(x))
        )
        near = far <= numbers.footprint.reach * scene.spacing
        every_x, every_y = np.concatenate([px, x[near]]), np.concatenate([py, y[near]])
        more = numbers.locate.margin * scene.spacing
        low_x, high_x = every_x.min() - more, every_x.max() + more
        low_y, high_y = every_y.min() - more, every_y.max() + more
    side = max(2, int(np.sqrt(cells)))
    step_x, step_y = (high_x - low_x) / side, (high_y - low_y) / side
    across = low_x + (np.arange(side) + 0.5) * step_x
    up = low_y + (np.arange(side) + 0.5) * step_y
    grid_x, grid_y = np.meshgrid(across, up)
    if scene.focus is not None:
        inside = np.hypot(grid_x - middle_x, grid_y - middle_y) <= reach
        return grid_x[inside], grid_y[inside]
    return grid_x.ravel(), grid_y.ravel()
