"""From a store to its forecast: read, train where it is time, issue, keep. In a child process, never the console's.

A model's file lies beside the store. One that is missing, of another version, damaged or too old is trained anew;
where there is too little history the shipped prior speaks, and the issue says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from backend.analysis.forecast import keeping
from backend.analysis.forecast.history import DAY, HOUR, History, read_history
from backend.analysis.forecast.levels import day_levels
from backend.analysis.forecast.making import train
from backend.analysis.forecast.model import Model, ModelError, load, prior, save
from backend.analysis.forecast.predicting import issue
from backend.analysis.forecast.rules import rules
from backend.analysis.forecast.training import HORIZON
from backend.city.registry import City
from backend.store import Store

FILE = "model-1.txt"
Told = Callable[[str, int, int], None]


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did."""

    at: int
    series: int
    trained: bool
    """Whether a model was trained for it."""
    own: bool
    """Whether the store's own history was learned from."""


def folder_of(store: Store) -> Path:
    """Where a store's models lie: beside its file, else in the person's data folder."""
    if store.path is not None:
        return store.path.with_name(store.path.name + ".forecast")
    from platformdirs import user_data_path

    name = hashlib.sha256(store.url.encode()).hexdigest()[:16]
    return user_data_path("gridseat", appauthor=False) / "forecast" / name


def usable(store: Store, at: int) -> Model | None:
    """The stored model, where it learned from nothing later than ``at`` and is not too old."""
    try:
        model = load(folder_of(store) / FILE)
    except ModelError:
        return None
    age = at - model.trained
    return model if 0 <= age <= int(rules()["training"]["stale_days"]) * DAY else None


def learned(model: Model) -> bool:
    """Whether any part of a model knows the store's own history."""
    return any(part.days > 0 for part in model.parts.values())


def train_store(store: Store, at: int, told: Told = _quiet) -> Model:
    """Learn from the store's history up to an instant, and put the model in place of the one before."""
    end = at // HOUR * HOUR
    with store.read() as conn:
        city = City.read(conn)
        history = read_history(conn, city, end - int(rules()["history"]["days"]) * DAY, end)
    model = train(history, told=told) if history.values else prior()
    model = Model(end, model.parts, model.known_days)
    save(model, folder_of(store) / FILE)
    return model


def refresh(store: Store, now: int, told: Told = _quiet, *, force: bool = False) -> Refreshed:
    """Make and keep the issue of the hour that ``now`` lies in, by a model of at most some days.

    Args:
        force: also where the issue is there already.
    """
    at = now // HOUR * HOUR
    model = usable(store, at)
    old = model is None or at - model.trained >= int(rules()["training"]["every_days"]) * DAY
    if old:
        model = train_store(store, at, told)
    assert model is not None
    with store.read() as conn:
        if not (force or old) and keeping.newest(conn) == at:
            return Refreshed(at, 0, False, learned(model))
        city = City.read(conn)
        history = recent(conn, city, at)
    made = issue(history, model, at, HORIZON)
    days = day_levels(history, made, city.zone) if made.parts else []
    with store.bulk() as conn:
        judged = keeping.judge_last(conn, city, history, at)
        series = keeping.keep(conn, city, made, days, now, own=learned(model))
        keeping.keep_skill(conn, city, at, model, judged)
        keeping.let_go(conn, now, city.zone)
    return Refreshed(at, series, old, learned(model))


def recent(conn: Connection, city: City, at: int) -> History:
    """The days of history that an issue needs."""
    return read_history(conn, city, at - int(rules()["history"]["issue_days"]) * DAY, at)
