"""Forecasts by rolling origin over days: SMAPE and coverage by month on two real data sets.

``nice -n 15 python -m tests.bench.forecast_rolling [kdd] [multisite] [--every 7] [--step 1] [--weather none perfect]``

Each day's issue is made from 00:00 UTC with what had ended by then and a model of at most ten days (two weeks for the
second set) that was trained on earlier data only. SMAPE over all stations, 48 hours, PM2.5, PM10 and O3; the gain is
over the 7-day same-hour median on the same values. The aim is 20 % in every month.

Beijing 2018 (35 stations), every day, prior trained on 2015-16; 2026-11-22, 21:00:

=======  =====  ======  ===========  =====  ==========
month    ours   median  persistence  gain   inside 80%
=======  =====  ======  ===========  =====  ==========
2018-01  0.718  0.792   0.816         9.3%  79.5%
2018-02  0.605  0.690   0.786        12.3%  82.6%
2018-03  0.552  0.665   0.824        16.9%  80.9%
2018-04  0.574  0.744   0.798        22.8%  80.9%
=======  =====  ======  ===========  =====  ==========

Beijing 2015-16 (12 stations), every day, for each month a prior that knows nothing of it nor of the weeks about it.
The last whole run is of 2026-11-22, 19:00, before ozone's optimum, the season and the prior's weaker pull:

=======  =====  ======  ===========  =====  ==========
month    ours   median  persistence  gain   inside 80%
=======  =====  ======  ===========  =====  ==========
2015-03  0.543  0.603   0.721        10.0%  85.2%
2015-04  0.520  0.585   0.767        11.0%  81.7%
2015-05  0.524  0.578   0.659         9.3%  81.3%
2015-06  0.582  0.680   0.702        14.5%  79.5%
2015-07  0.450  0.567   0.625        20.5%  81.9%
2015-08  0.564  0.573   0.678         1.5%  79.5%
2015-09  0.648  0.711   0.820         8.9%  76.1%
2015-10  0.633  0.801   0.784        21.0%  82.2%
2015-11  0.596  0.709   0.610        15.9%  81.4%
2015-12  0.612  0.717   0.711        14.7%  80.3%
2016-01  0.668  0.799   0.740        16.5%  82.8%
2016-02  0.639  0.751   0.779        14.9%  82.4%
=======  =====  ======  ===========  =====  ==========

On the same days (every third) of six of these months, before and with them: April 6.5 and 7.7 %, June 21.6 and 21.7 %,
August 4.0 and 3.6 %, September 8.1 and 9.7 %, December 23.5 and 23.0 %, February 14.6 and 14.6 %; 74 to 86 % inside.

So the aim is met in 3 months of 16; the mean gain is 15.3% (14.7% before) and 13.2%. PM2.5 and PM10 gain some 20 %,
ozone 5 to 8 %: at night it has two states, and the wind decides which of them comes.

What is missing is the weather to come. With the weather that came, as if it had been forecast without fault (an upper
bound; a day in four, April to October 2015), and with errors that grow to 0.8 of its spread in two days:

=======  =======  =======  ========
month    without  perfect  degraded
=======  =======  =======  ========
2015-04  15.4%    30.4%    30.9%
2015-05   5.7%    25.5%    21.2%
2015-06   9.2%    23.1%    14.9%
2015-07  19.6%    26.4%    17.9%
2015-08  -2.2%    13.9%    13.3%
2015-09  12.1%    23.8%    20.4%
2015-10  20.2%    31.9%    28.7%
mean     11.4%    25.0%    21.0%
=======  =======  =======  ========

So no method that was tried reaches 20 % in every month from a city's own past; with the true weather this one misses
it in August 2015, when the city's plants were stopped for a parade. Other bounds, both sets: who knew the region's
median of each hour would have SMAPE 0.22 to 0.28 (PM) and 0.33 to 0.35 (ozone); who knew its daily mean only, 0.39 to
0.48 and 0.58.

Tried without gain (ratio to the median, cross-validated in time, PM2.5 and ozone, both sets): gradient boosting
(lightgbm 4.7, SMAPE objective or 12 classes and the least expected loss) on the same regressors and on 81 of them
0.81 to 0.85 and 0.94 to 0.97, against 0.80 to 0.81 and 0.94 to 0.95 for the regression; a mean of both; other
pollutants; weights that depend on the hour of day; origins of the same hour only; the weather that had been; medians
of 60 and 90 days. So there is no boosting library here.

Two cores shared with other work, Python 3.11, CPU time: 2 to 3 s for a day's issue and its share of training; the
training of a city (173 stations, 6 pollutants, 360 days, with weather) takes 24 s and 388 MB, an issue of it 0.4 s.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from backend.analysis.forecast import scoring
from backend.analysis.forecast.ahead import Coming
from backend.analysis.forecast.features import BLOCK, HOURS, Array
from backend.analysis.forecast.history import DAY, HOUR, History
from backend.analysis.forecast.making import train_part
from backend.analysis.forecast.model import Model, prior
from backend.analysis.forecast.predicting import issue
from tests.shared import SHARED
from tests.tools.build_forecast_prior import learn
from tests.tools.stranger_air import kdd2018, multisite

SCORED = ("pm25", "pm10", "o3")
AHEAD = 48
FIRST_DAYS = 10
"""Days of history before the first issue."""
NAMES = ("ours", "climatology", "persistence", "inside")


def months(history: History, step: int) -> Iterator[tuple[str, list[int]]]:
    """Each month, and the indices of (every ``step``-th of) its days' first hours whose 48 hours are in the record."""
    found: dict[str, list[int]] = {}
    first = -(-history.start // DAY) * DAY + FIRST_DAYS * DAY
    for at in range(first, history.start + len(history.times) * HOUR - AHEAD * HOUR + 1, step * DAY):
        found.setdefault(datetime.fromtimestamp(at, UTC).strftime("%Y-%m"), []).append(history.index(at))
    yield from found.items()


def weather_of(history: History, index: int, kind: str) -> Coming | None:
    """The weather that came, as if it had been forecast without fault (``perfect``), or with errors that grow to 0.8
    of its spread in two days and last for half a day (``degraded``); None for ``none``."""
    if kind == "none" or not history.weather:
        return None
    dice = np.random.default_rng(index)
    found = {}
    for name, series in history.weather.items():
        line = series[index - BLOCK - HOURS : index + AHEAD].copy()
        if kind == "degraded":
            error = np.zeros(AHEAD)
            for hour in range(AHEAD):
                error[hour] = (
                    0.92 * error[hour - 1] + np.sqrt(1 - 0.92**2) * dice.normal() if hour else dice.normal()
                )
            by_hour = line[:BLOCK].reshape(-1, HOURS)
            spread = float(np.nanmean(np.nanstd(by_hour, axis=0)))
            line[-AHEAD:] += (spread * (0.3 + 0.5 * np.sqrt(np.arange(AHEAD) / AHEAD)) * error).astype(
                np.float32
            )
        found[name] = line
    return Coming(found)


def score_day(history: History, model: Model, index: int, kind: str) -> dict[str, float] | None:
    """The issue's score by the definition of the task; None where too little was measured."""
    coming = weather_of(history, index, kind) if index >= BLOCK + HOURS else None
    cut = issue(history, model, history.start + index * HOUR, AHEAD, SCORED, coming)
    kept: dict[str, list[Array]] = {name: [] for name in NAMES}
    for code in SCORED:
        truth = history.values[code][index : index + AHEAD].T
        part = cut.parts[code]
        kept["ours"].append(scoring.smape(part.value, truth).ravel())
        kept["climatology"].append(
            scoring.smape(scoring.climatology(history, code, index, AHEAD), truth).ravel()
        )
        kept["persistence"].append(
            scoring.smape(scoring.persistence(history, code, index, AHEAD), truth).ravel()
        )
        inside = np.where(truth >= 0, (truth >= part.low) & (truth <= part.high), np.nan).astype(np.float32)
        kept["inside"].append(inside.ravel())
    every = {name: np.concatenate(arrays) for name, arrays in kept.items()}
    fair = np.isfinite(every["ours"]) & np.isfinite(every["climatology"])
    if fair.sum() < 100:
        return None
    found = {}
    for name, values in every.items():
        told = values[fair]
        # Persistence has nothing to say after a silent day.
        found[name] = float(np.nanmean(told)) if np.isfinite(told).any() else float("nan")
    return found


def trained(history: History, known: Model) -> Model:
    """As `backend.analysis.forecast.making.train` does, of what is scored."""
    parts = {code: train_part(history, code, known.part(code), check=False) for code in SCORED}
    return Model(history.start + len(history.times) * HOUR, parts)


def roll(name: str, history: History, every: int, step: int, kinds: Sequence[str], cross: bool) -> None:
    """Print each month's line."""
    total: dict[str, list[float]] = {kind: [] for kind in kinds}
    for month, days in months(history, step):
        began = time.process_time()
        # The prior may know nothing of the month that is judged, nor of the weeks about it.
        away = (days[0], days[-1] + AHEAD)
        known = learn(history, without=away, states=8000, only=SCORED) if cross else prior()
        rows: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
        model, last = None, -(10**9)
        for index in days:
            if model is None or index - last >= every * HOURS:
                model = trained(history.until(history.start + index * HOUR), known)
                last = index
            for kind in kinds:
                row = score_day(history, model, index, kind)
                if row is not None:
                    rows[kind].append(row)
        for kind, told in rows.items():
            if told:
                total[kind].append(
                    line(f"{name} {month} weather {kind:8s}", told, time.process_time() - began)
                )
    for kind, ratios in total.items():
        print(
            f"{name} weather {kind}: mean gain {1 - float(np.mean(ratios)):+.1%}, worst {1 - max(ratios):+.1%}"
        )


def line(what: str, rows: Sequence[dict[str, float]], spent: float) -> float:
    """Print a month's line; gives our share of the median's SMAPE."""
    mean = {key: float(np.nanmean([row[key] for row in rows])) for key in NAMES}
    ratio = mean["ours"] / mean["climatology"]
    print(
        f"{what} days {len(rows):3d}  ours {mean['ours']:.3f}  7-day median {mean['climatology']:.3f}  "
        f"persistence {mean['persistence']:.3f}  gain {1 - ratio:+.1%}  inside 80% {mean['inside']:.1%}  {spent:.0f} s",
        flush=True,
    )
    return ratio


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=[])
    parser.add_argument("--every", type=int, default=7, help="days that a model serves")
    parser.add_argument("--step", type=int, default=1, help="judge every so many days only")
    parser.add_argument("--weather", nargs="*", default=["none"], help="to come: none, perfect, degraded")
    args = parser.parse_args()
    sets = args.sets or ["kdd", "multisite"]
    if "kdd" in sets:
        roll(
            "kdd",
            kdd2018(SHARED / "air" / "beijing_kdd2018").history(),
            args.every,
            args.step,
            ["none"],
            cross=False,
        )
    if "multisite" in sets:
        path = SHARED / "air" / "beijing_multisite" / "hourly_201503_201602.csv"
        roll("multisite", multisite(path).history(), args.every, args.step, args.weather, cross=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
