"""How answers of source tracing fare: hits, and whether stated probabilities match frequencies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.01)
NONE = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, and the truth."""

    truth: str
    """The code of the source; empty where it was none of the candidates."""
    probability: Mapping[str, float]
    none: float

    @property
    def of_truth(self) -> float:
        """What the truth was given."""
        return self.none if self.truth == NONE else self.probability.get(self.truth, 0.0)

    def within(self, most: int) -> bool:
        """Whether the truth is among the first candidates."""
        ranked = sorted(self.probability, key=lambda code: -self.probability[code])
        return self.truth in ranked[:most]


def report(several: Sequence[Told]) -> str:
    """One line: top-1, top-3, the mean log score, the first answer's stated and true share."""
    known = [one for one in several if one.truth != NONE]
    first = [max([*one.probability.values(), one.none]) for one in several]
    right = [one.of_truth == top for one, top in zip(several, first, strict=True)]
    words = [f"n {len(several)}"]
    if known:
        words.append(f"top-1 {fmean(one.within(1) for one in known):.2f}")
        words.append(f"top-3 {fmean(one.within(3) for one in known):.2f}")
        words.append(f"of the truth {fmean(one.of_truth for one in known):.2f}")
    words.append(f"log score {fmean(math.log(max(one.of_truth, 1e-6)) for one in several):.2f}")
    words.append(f"first answer stated {fmean(first):.2f} true {fmean(right):.2f}")
    words.append(f"calibration error {error(several):.3f}")
    return ", ".join(words)


def bins(several: Sequence[Told]) -> list[tuple[float, float, int]]:
    """By stated probability: mean stated, share that was true, how many; candidates and "none" alike."""
    pairs = []
    for one in several:
        pairs += [(share, code == one.truth) for code, share in one.probability.items()]
        pairs.append((one.none, one.truth == NONE))
    found = []
    for low, high in pairwise(EDGES):
        mine = [pair for pair in pairs if low <= pair[0] < high]
        if mine:
            found.append((fmean(pair[0] for pair in mine), fmean(pair[1] for pair in mine), len(mine)))
    return found


def error(several: Sequence[Told]) -> float:
    """How far stated and true shares lie apart, over the bins, weighted by their stated mass."""
    rows = bins(several)
    mass = sum(stated * count for stated, _true, count in rows)
    return sum(abs(stated - true) * count for stated, true, count in rows) / max(mass, 1e-9)
