"""A question, ready to be judged, and the answer that is put together from what was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.geo import Floats
from backend.analysis.sources import because
from backend.analysis.sources.activity import bounded, total
from backend.analysis.sources.answer import Answer, Ranked, ordered
from backend.analysis.sources.candidates import Candidate
from backend.analysis.sources.heights import shares_of
from backend.analysis.sources.increments import Increments
from backend.analysis.sources.numbers import Numbers, raw
from backend.analysis.sources.reading import Material, own_of, recent, spell
from backend.analysis.sources.reasons import Reason, reason
from backend.analysis.sources.scene import Judged, Scene, judge
from backend.analysis.sources.signature import Signature, compare
from backend.analysis.sources.signature import told as signs
from backend.analysis.sources.trajectory import PathBook
from backend.city.registry import City
from backend.words.say import Language

Facts = Mapping[str, Sequence[Reason]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    parameter: str
    end: int
    """The instant: nothing that ends after it is known."""
    start: int | None = None
    """Since when; found from what the station shows where None."""
    station: int | None = None
    """The number of the station that is asked about."""
    lon: float | None = None
    lat: float | None = None
    """A place; the station near it that stands out most is asked about."""
    language: Language = "zh"


@dataclass(frozen=True)
class Plan:
    """A question, ready to be judged."""

    question: Question
    material: Material
    scene: Scene
    candidates: Sequence[Candidate]
    x: Floats
    y: Floats
    rose: Signature | None
    fits: Floats
    """How many times likelier the signature makes each candidate, as a natural logarithm."""
    column: int | None
    own: str
    """The source at which the station stands that is asked about."""

    @classmethod
    def of(
        cls,
        material: Material,
        question: Question,
        column: int | None,
        candidates: Sequence[Candidate],
        options: Numbers,
        told: Increments | None = None,
        lead: int | None = None,
    ) -> Plan:
        """Settle the window, what rose in it, and how that fits each candidate.

        Args:
            column: of the station that is asked about; None for the whole network.
            told: the recent increments (`recent`), where they are known already.
            lead: where it is looked at what rises together, if no station is asked about.
        """
        field = material.field
        beside = own_of(field)
        if column is not None:
            # What it shows itself is what is asked about.
            beside[column] = False
        start = _start(material, question, column, options, told)
        scene = Scene(
            field.times, field.period, material.readings, field.x, field.y, material.spacing, material.winds,
            start, question.end, column, begun=question.start is not None and column is None,
            own=beside if beside.any() else None,
        )  # fmt: skip
        rose = None
        lead = lead if column is None else column
        if lead is not None:
            rose = because.signature_at(material, lead, start, question.end, options)
        x, y = places(material, candidates)
        own = field.stations[column].source if column is not None else ""
        return cls(question, material, scene, candidates, x, y, rose, _fits(rose, candidates), column, own)

    def with_own(self, facts: Facts) -> Facts:
        """Facts, with the one that the station stands at its source."""
        if not self.own:
            return facts
        stands = reason("own_station", raw()["activity"]["own_station"])
        return {**facts, self.own: [*facts.get(self.own, ()), stands]}

    def lively(self, facts: Facts) -> Floats:
        """How many times likelier each candidate is for what is known of it besides the air, natural logarithms."""
        known = self.with_own(facts)
        return np.array(
            [total(known[one.code]) if one.code in known else 0.0 for one in self.candidates], np.float64
        )

    def judged(self, facts: Facts, options: Numbers, book: PathBook | None = None) -> Judged:
        """Weigh the candidates; with a book of paths what is known besides is weighed in afterwards."""
        prior = np.exp(self.fits if book is not None else self.fits + self.lively(facts))
        kinds = [(one.kind, one.industry, one.height) for one in self.candidates]
        tops = shares_of(kinds, self.scene.spacing)
        return judge(self.scene, self.x, self.y, prior, options, book=book, tops=tops)

    def answer(
        self, city: City, judged: Judged, facts: Facts, options: Numbers, told: int | None = None
    ) -> Answer:
        """The answer with its evidence in words; only the first ``told`` candidates get theirs."""
        seen = self.column if self.column is not None else because.seen_from(judged)
        ranked = self._ranked(judged, facts, seen, told)
        return because.answer(
            self.question, city, self.material, self.scene, judged, ranked, self.column, seen, self.rose, options,
            brief=told is not None,
        )  # fmt: skip

    def _ranked(self, judged: Judged, facts: Facts, seen: int, told: int | None) -> tuple[Ranked, ...]:
        found, known, language = judged.found, self.with_own(facts), self.question.language
        prior = np.exp(self.fits + self.lively(facts))
        share = (prior / prior.sum() if len(prior) else prior).tolist()
        dx, dy = self.x - self.material.field.x[seen], self.y - self.material.field.y[seen]
        far, turn = np.hypot(dx, dy).tolist(), (np.degrees(np.arctan2(dx, dy)) % 360.0).tolist()
        usual, after = because.usual_of(found.log_evidence), found.probability.tolist()
        rows = []
        for rank, index in enumerate(np.argsort(-found.probability, kind="stable").tolist()):
            one = self.candidates[index]
            reasons: list[Reason] = []
            if told is None or rank < told:
                reasons += because.of_air(
                    self.material, judged, index, far[index], turn[index], language, usual
                )
                if self.rose is not None:
                    reasons += signs(self.rose, one.kind, one.industry, float(self.fits[index]))
                reasons += bounded(known.get(one.code, ()))
            rows.append(Ranked(one, after[index], share[index], far[index], turn[index], ordered(reasons)))
        return tuple(rows)


def places(material: Material, candidates: Sequence[Candidate]) -> tuple[Floats, Floats]:
    """Where candidates stand on the field's plane, metres."""
    return material.field.plane.xy([one.lon for one in candidates], [one.lat for one in candidates])


def _fits(rose: Signature | None, candidates: Sequence[Candidate]) -> Floats:
    """How the signature fits each candidate: alike for those of one kind and industry."""
    if rose is None:
        return np.zeros(len(candidates))
    known: dict[tuple[str, str], float] = {}
    for one in candidates:
        key = (one.kind, one.industry)
        if key not in known:
            known[key] = compare(rose, *key)
    return np.array([known[one.kind, one.industry] for one in candidates], np.float64)


def _start(
    material: Material, question: Question, column: int | None, options: Numbers, told: Increments | None
) -> int:
    """When the window begins: as it was asked, or when the station began to rise."""
    start = question.start
    if start is None and column is not None:
        start = spell(told or recent(material, question.end, options), column, question.end, options)
    elif start is None:
        start = question.end - material.field.period
    return max(start, int(material.field.times[0]))
