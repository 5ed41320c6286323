"""Plane geometry for made-up cells: cutting polygons by lines, Voronoi cells, evenly spread points.

Works in kilometres on a plane around the city's middle; a simple polygon is a list of corners without the first one
repeated, counter-clockwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from random import Random

Point = tuple[float, float]
Ring = list[Point]
MIDDLE = (115.6, 35.2)
KM_PER_DEGREE = 111.195
_KM_PER_LON = KM_PER_DEGREE * cos(radians(MIDDLE[1]))
_NEAR = 1e-9


def to_plane(lon: float, lat: float) -> Point:
    """Degrees to kilometres."""
    return (lon - MIDDLE[0]) * _KM_PER_LON, (lat - MIDDLE[1]) * KM_PER_DEGREE


def to_degrees(point: Point, decimals: int = 5) -> Point:
    """Kilometres to degrees, rounded (five decimals are a metre)."""
    return (
        round(point[0] / _KM_PER_LON + MIDDLE[0], decimals),
        round(point[1] / KM_PER_DEGREE + MIDDLE[1], decimals),
    )


def area(ring: Ring) -> float:
    """Area with sign, positive where the corners run counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2


def counter_clockwise(ring: Ring) -> Ring:
    """The ring, turned round where needed."""
    return ring if area(ring) > 0 else ring[::-1]


def within(point: Point, ring: Ring) -> bool:
    """Whether a point lies in a ring."""
    x, y = point
    found = False
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found = not found
    return found


def cut(ring: Ring, a: float, b: float, c: float) -> list[Ring]:
    """The parts of a ring where ``a x + b y <= c``; a line may cut a bent ring into several.

    The cut line meets the ring an even number of times; along the line every first and second meeting bound a
    stretch inside the ring, which joins the chains of kept corners into closed rings again.
    """
    offs = [a * x + b * y - c for x, y in ring]
    offs = [-_NEAR if abs(off) < _NEAR else off for off in offs]
    if all(off < 0 for off in offs):
        return [ring]
    if all(off > 0 for off in offs):
        return []
    chains, open_chain = _chains(ring, offs)
    if open_chain is not None:
        # The walk began inside: its last chain runs on into the first.
        chains[0] = open_chain + chains[0]
    ends = [
        (a * p[1] - b * p[0], number, at)
        for number, chain in enumerate(chains)
        for p, at in ((chain[0], "start"), (chain[-1], "end"))
    ]
    ends.sort()
    partner: dict[int, int] = {}
    for (_p, one, one_at), (_q, two, two_at) in zip(ends[::2], ends[1::2], strict=True):
        start, end = (one, two) if one_at == "start" else (two, one)
        if one_at == two_at:
            raise ValueError("the ring crosses itself")
        partner[end] = start
    return _join(chains, partner)


def _chains(ring: Ring, offs: list[float]) -> tuple[list[Ring], Ring | None]:
    chains: list[Ring] = []
    current: Ring | None = [] if offs[0] < 0 else None
    first_open = current is not None
    corners = list(zip(ring, offs, strict=True))
    for (p, off), (q, following) in pairwise([*corners, corners[0]]):
        if off < 0 and current is not None:
            current.append(p)
        if (off < 0) != (following < 0):
            share = off / (off - following)
            meeting = (p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1]))
            if current is None:
                current = [meeting]
            else:
                current.append(meeting)
                chains.append(current)
                current = None
    return chains, current if first_open else None


def _join(chains: list[Ring], partner: dict[int, int]) -> list[Ring]:
    rings, left = [], set(range(len(chains)))
    while left:
        first = number = min(left)
        ring: Ring = []
        while number in left:
            left.discard(number)
            ring += chains[number]
            number = partner[number]
        if number != first:
            raise ValueError("the ring does not close")
        if len(ring) > 2 and area(ring) > 1e-6:
            rings.append(ring)
    return rings


def cut_all(rings: Sequence[Ring], a: float, b: float, c: float) -> list[Ring]:
    """`cut` for a region of several rings."""
    return [part for ring in rings for part in cut(ring, a, b, c)]


def voronoi(points: Sequence[Point], region: Sequence[Ring]) -> list[list[Ring]]:
    """For each point the part of the region that lies nearest to it."""
    cells = []
    for x, y in points:
        rings = list(region)
        for u, v in points:
            if (u, v) != (x, y):
                rings = cut_all(rings, u - x, v - y, (u * u + v * v - x * x - y * y) / 2)
        cells.append(rings)
    return cells


def random_point(region: Sequence[Ring], random: Random) -> Point:
    """A point of the region, all equally likely."""
    ring = random.choices(region, [area(ring) for ring in region])[0]
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    while True:
        point = random.uniform(min(xs), max(xs)), random.uniform(min(ys), max(ys))
        if within(point, ring):
            return point


def spread(
    count: int,
    region: Sequence[Ring],
    random: Random,
    *,
    density: Callable[[Point], float] = lambda _point: 1.0,
    samples: int = 120,
    rounds: int = 25,
) -> list[Point]:
    """So many points of the region, evenly spread over the density (Lloyd's method on samples)."""
    cloud: list[Point] = []
    while len(cloud) < count * samples:
        point = random_point(region, random)
        if random.random() < density(point):
            cloud.append(point)
    points = cloud[:count]
    for _ in range(rounds):
        sums = [[0.0, 0.0, 0] for _ in points]
        for x, y in cloud:
            nearest = min(range(count), key=lambda i: (points[i][0] - x) ** 2 + (points[i][1] - y) ** 2)
            total = sums[nearest]
            total[0] += x
            total[1] += y
            total[2] += 1
        points = [
            (total[0] / total[2], total[1] / total[2]) if total[2] else point
            for total, point in zip(sums, points, strict=True)
        ]
    return [point if any(within(point, ring) for ring in region) else _pull(point, cloud) for point in points]


def _pull(point: Point, cloud: Sequence[Point]) -> Point:
    return min(cloud, key=lambda one: hypot(one[0] - point[0], one[1] - point[1]))
