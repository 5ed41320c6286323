"""What is kept of forecasts: issues, their series, the days' levels, and what they turned out to be worth."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, SmallInteger
from sqlmodel import Field

from backend.store.model import Row, instant

CLUSTERED = {"sqlite_with_rowid": False}


class ForecastIssue(Row):
    """One issue 起报 of the whole city."""

    __tablename__ = "forecast_issue"
    __table_args__ = CLUSTERED

    at: int = instant(primary_key=True)
    """The start of the first valid hour."""
    made: int = instant()
    trained: int = instant()
    """What its model learned from had ended by then."""
    hours: int
    stations: int
    series: int
    model: str
    """``own``, or ``prior`` where the store has too little history to learn from."""
    weather_hours: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """At how many of its hours the weather to come was known and used."""


class ForecastSeries(Row):
    """One station's parameter in an issue: value, low and high of each hour (`backend.analysis.forecast.packing`)."""

    __tablename__ = "forecast_series"
    __table_args__ = CLUSTERED

    at: int = instant(primary_key=True)
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    hours: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ForecastDay(Row):
    """A civil day's AQI at a station in an issue: the probability of each level, in per cent."""

    __tablename__ = "forecast_day"
    __table_args__ = CLUSTERED

    at: int = instant(primary_key=True)
    station: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    day: int = instant(primary_key=True)
    """The day's start in UTC."""
    p1: int
    p2: int
    p3: int
    p4: int
    p5: int
    p6: int
    aqi: int
    """The median."""
    low: int
    high: int
    """80 % of what may come lies between."""
    primary: str = ""
    """The pollutant that most often decides; empty where the air is clean."""
    known: int = 0
    """Hours of the day that are measured already."""


class ForecastSkill(Row):
    """What forecasts of a parameter were worth: SMAPE of the model and of what it must beat."""

    __tablename__ = "forecast_skill"
    __table_args__ = CLUSTERED

    parameter: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    kind: str = Field(primary_key=True)
    """``days``: days before the training, each forecast with what was known then. ``issue``: the issue of a day
    before the newest, against what came since and the issue before it."""
    at: int = instant()
    days: int
    ours: float | None = None
    persistence: float | None = None
    climatology: float | None = None
    last_issue: float | None = None
    coverage: float | None = None
