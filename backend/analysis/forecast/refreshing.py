"""From a store to its forecast: read, train where it is time, issue, keep. In a child process, never the console's.

A model's file lies beside the store. One that is missing, of another version, damaged or too old is trained anew;
where there is too little history the shipped prior speaks, and the issue says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, select

from backend.analysis.forecast import keeping
from backend.analysis.forecast import rules as rules_of
from backend.analysis.forecast.ahead import read_coming, read_earlier
from backend.analysis.forecast.history import DAY, HOUR, History, read_history
from backend.analysis.forecast.levels import day_levels
from backend.analysis.forecast.making import train
from backend.analysis.forecast.model import VERSION, Model, ModelError, load, parse, prior, save, written
from backend.analysis.forecast.predicting import Issue, issue
from backend.analysis.forecast.rules import rules
from backend.analysis.forecast.training import HORIZON
from backend.city.registry import City
from backend.clock import begun
from backend.store import Store, table
from backend.store.tables import Reading

READING = table(Reading)
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


def training_instant(at: int, first: int) -> int:
    """When the model of an issue must have been trained: one for all issues of a week, whoever asks in what order.

    Args:
        first: the start of the history. Where little of it lies before the week began, each day has its own model.
    """
    told = rules()["training"]
    step = int(told["every_days"]) * DAY
    week = at // step * step
    return week if week - first >= int(told["settled_days"]) * DAY else at // DAY * DAY


def _file(store: Store, trained: int) -> Path:
    return folder_of(store) / f"model-{VERSION}-{trained}.txt"


def stored(store: Store, trained: int) -> Model | None:
    """The model that was trained at an instant, where there is one that can be read."""
    try:
        model = load(_file(store, trained))
    except ModelError:
        return None
    return model if model.trained == trained else None


def model_for(store: Store, history: History, at: int, told: Told = _quiet, *, check: bool = True) -> Model:
    """The model of an issue from ``at``: the stored one, or trained now on what had ended by its training's instant.

    Args:
        history: up to ``at`` or longer; with all the days that a training looks back.
    """
    trained = max(training_instant(at, history.start), history.start)
    past = history.until(trained).since(trained - int(rules()["history"]["days"]) * DAY)
    found = stored(store, trained)
    if found is not None and found.seen == past.seen and (found.checked or not check):
        return found
    model = train(past, told=told, check=check)
    # As it is read again: the same model gives the same answer whether it was trained just now or last week.
    model = parse(written(replace(model, trained=trained)))
    _put(store, model)
    return model


def _put(store: Store, model: Model) -> None:
    """Keep a model, and the newest of the others; a folder that can't be written costs a training, no forecast."""
    with suppress(OSError):
        save(model, _file(store, model.trained))
        files = sorted(folder_of(store).glob(f"model-{VERSION}-*.txt"), key=lambda one: one.stat().st_mtime)
        for old in files[: -int(rules()["training"]["kept_models"])]:
            old.unlink(missing_ok=True)


def span_of(conn: Connection, city: City, at: int) -> tuple[int, int]:
    """Where the history of an issue from ``at`` begins in the store, and where it ends."""
    end = begun(at, HOUR, city.zone)
    # A day and a week more, since the model of an issue may have been trained that long before it.
    since = end - (int(rules()["history"]["days"]) + 7 + 1) * DAY
    first = conn.execute(
        select(READING.c.start).where(READING.c.start >= since).order_by(READING.c.start).limit(1)
    )
    begins = first.scalar()
    return (end if begins is None else min(begun(begins, HOUR, city.zone), end)), end


def train_store(store: Store, at: int, told: Told = _quiet) -> Model:
    """Train the model that issues from ``at`` on need, whether or not there is one."""
    with store.read() as conn:
        city = City.read(conn)
        history = read_history(conn, city, *span_of(conn, city, at))
    if not history.values:
        return prior()
    _file(store, training_instant(at, history.start)).unlink(missing_ok=True)
    return model_for(store, history, at, told)


def refresh(store: Store, now: int, told: Told = _quiet, *, force: bool = False) -> Refreshed:
    """Make and keep the issue of the hour that ``now`` lies in, training first where it is time.

    Args:
        force: also where the issue is there already.
    """
    with store.read() as conn:
        city = City.read(conn)
        at = begun(now, HOUR, city.zone)
        first, _end = span_of(conn, city, at)
        if not force and keeping.newest(conn) == at:
            return Refreshed(at, 0, False, False)
        history = recent(conn, city, at)
        coming = read_coming(conn, city, at, HORIZON)
        earlier = {} if coming is None else read_earlier(conn, city, at, HORIZON)
    model = stored(store, training_instant(at, first))
    old = model is None or not model.checked
    if model is None or old:
        model = train_store(store, at, told)
    made = issue(history, model, at, HORIZON, coming=coming, earlier=earlier)
    days = day_levels(history, made, city.zone) if made.parts else []
    with store.bulk() as conn:
        judged = keeping.judge_last(conn, city, history, at)
        series = keeping.keep(conn, city, made, days, now, own=model.own)
        keeping.keep_skill(conn, city, at, model, judged)
        keeping.let_go(conn, now, city.zone)
    return Refreshed(at, series, old, model.own)


def issues(
    store: Store,
    instants: Sequence[int],
    *,
    only: Sequence[str] = (),
    hours: int = HORIZON,
    told: Told = _quiet,
    check: bool = False,
) -> Iterator[Issue]:
    """Issues from some instants, oldest first, each with what had ended by then and by a model of no later date.

    The readings are read once for all of them.

    Args:
        check: also find out what the model is worth, where nobody has yet: some seconds for each that is trained.
    """
    if not instants:
        return
    with store.read() as conn:
        city = City.read(conn)
        first, end = span_of(conn, city, min(instants))[0], begun(max(instants), HOUR, city.zone)
        history = read_history(conn, city, first, end)
    for at in sorted(instants):
        since = begun(at, HOUR, city.zone)
        with store.read() as conn:
            coming = read_coming(conn, city, since, hours)
            earlier = {} if coming is None else read_earlier(conn, city, since, hours)
            known = read_history(conn, city, first, since) if history.slow else history
        model = model_for(store, known, since, told, check=check)
        yield issue(known, model, since, hours, only, coming, earlier)


def recent(conn: Connection, city: City, at: int) -> History:
    """The days of history that an issue needs."""
    return read_history(conn, city, at - int(rules()["history"]["issue_days"]) * DAY, at)


def known_names(store: Store) -> tuple[set[str], dict[str, str]]:
    """The codes of the air stations, and the parameters that can be forecast with their units."""
    with store.read() as conn:
        city = City.read(conn)
    stations = {row.code for row in rules_of.stations(city)}
    return stations, {row.code: row.unit for row in rules_of.parameters(city)}


def coarse_names(store: Store) -> Mapping[str, int]:
    """The air stations whose readings are too coarse to be forecast, with the seconds of one."""
    with store.read() as conn:
        return rules_of.too_coarse(City.read(conn))
