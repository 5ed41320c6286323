"""The files of a city pack, declared once: the check, the loader, the template and the formats page read this.

A pack is a folder. Tables are CSV, UTF-8, with a header line; a big one may be gzipped (``vehicles.csv.gz``), and
any table may be split (``stations.csv``, ``stations-dust.csv``). A cell that is left empty takes the column's
default. What a column means is said in ``words/entries/pack.py`` under ``pack.<table>.<column>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "code", "codes", "integer", "number", "flag", "date", "instant", "minute", "days", "lon", "lat"
]
"""How a cell is written.

text: words; code: an id without spaces or ``|``; codes: codes separated by ``|``; flag: 0 or 1; date:
2026-11-03; instant: 2026-11-03 08:00 in the city's zone; minute: 08:30, up to 24:00; days: Monday to Sunday
as 0 or 1, such as 1111100; lon, lat: degrees in the pack's datum.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind = "text"
    required: bool = False
    """The cell may not be empty, and the column may not be missing."""
    refers: tuple[str, ...] = ()
    """The tables, one of which must hold this code."""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    default: str = ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table of a pack."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    """The columns that no two rows share; empty where rows may repeat."""
    required: bool = False
    zipped: bool = False
    """The example and the Heze pack keep it gzipped."""

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the order of the file."""
        return tuple(column.name for column in self.columns)


CODE = Column("code", "code", required=True)
NAME = Column("name", required=True)
NAME_EN = Column("name_en")
INITIALS = Column("initials")
LON, LAT = Column("lon", "lon"), Column("lat", "lat")
MADE_UP = Column("made_up", "flag", default="0")
PHONE = Column("phone")
ROLES = ("seat", "supervisor", "administrator", "member")
TIERS = ("M", "C", "T")
PRIORITIES = ("critical", "high", "medium", "low")


def _grid(*, required: bool = True) -> Column:
    return Column("grid", "code", required=required, refers=("grids",))


TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        "grids",
        (
            CODE,
            Column("parent", "code", refers=("grids",)),
            Column("level", "integer", required=True, low=1, high=4),
            NAME,
            NAME_EN,
            Column("pinyin"),
            INITIALS,
            Column("aliases"),
            Column("kind"),
            LON,
            LAT,
            MADE_UP,
        ),
        required=True,
    ),
    TableSpec(
        "centres",
        (
            CODE,
            _grid(),
            Column("tier", "code", required=True, choices=TIERS),
            NAME,
            NAME_EN,
            PHONE,
            MADE_UP,
        ),
        required=True,
    ),
    TableSpec(
        "departments",
        (
            CODE,
            NAME,
            NAME_EN,
            PHONE,
            Column("kind", "code", choices=("bureau", "contractor"), default="bureau"),
            MADE_UP,
        ),
        required=True,
    ),
    TableSpec(
        "people",
        (
            CODE,
            NAME,
            NAME_EN,
            Column("pinyin"),
            INITIALS,
            Column("role", "code", required=True, choices=ROLES),
            _grid(),
            Column("centre", "code", refers=("centres",)),
            Column("department", "code", refers=("departments",)),
            PHONE,
            Column("active", "flag", default="1"),
            MADE_UP,
        ),
        required=True,
    ),
    TableSpec(
        "duty",
        (
            Column("body_kind", "code", required=True, choices=("centre", "department", "member")),
            Column("body", "code", required=True, refers=("centres", "departments", "people")),
            Column("days", "days", default="1111111"),
            Column("start", "minute", required=True),
            Column("end", "minute", required=True),
            Column("name"),
            NAME_EN,
            PHONE,
            Column("valid_from", "date"),
            Column("valid_to", "date"),
            MADE_UP,
        ),
        key=(),
        required=True,
    ),
    TableSpec(
        "incident_types",
        (
            CODE,
            Column("valid_from", "date", required=True),
            Column("valid_to", "date"),
            NAME,
            Column("name_en", required=True),
            Column("department", "code", refers=("departments",)),
            Column("co_departments", "codes", refers=("departments",)),
            Column("priority", "code", choices=PRIORITIES, default="medium"),
            Column("evidence", "codes"),
            Column("results", "codes", required=True),
            MADE_UP,
        ),
        key=("code", "valid_from"),
        required=True,
    ),
    TableSpec(
        "parameters",
        (
            CODE,
            NAME,
            Column("name_en", required=True),
            Column("unit"),
            Column("decimals", "integer", low=0, high=6, default="0"),
            Column("hj212", "code"),
            Column("low", "number"),
            Column("high", "number"),
            Column("suspect_above", "number"),
        ),
    ),
    TableSpec(
        "measures",
        (
            Column("set", "code", required=True),
            Column("parameter", "code", required=True, refers=("parameters",)),
            Column("period", "integer", required=True, low=1, high=2_678_400),
            Column("unit"),
            Column("feed", "code", refers=("feeds",)),
            Column("upstream"),
        ),
        key=("set", "parameter", "period"),
        required=True,
    ),
    TableSpec(
        "stations",
        (
            CODE,
            NAME,
            NAME_EN,
            INITIALS,
            Column("kind", "code", required=True),
            _grid(required=False),
            LON,
            LAT,
            Column("measures", "code", refers=("measures",)),
            Column("target"),
            Column("source", "code", refers=("sources",)),
            Column("upstream", "codes"),
            Column("in_service", "flag", default="1"),
            Column("maintainer", "code", refers=("departments",)),
            MADE_UP,
        ),
        required=True,
    ),
    TableSpec(
        "sources",
        (
            CODE,
            Column("kind", "code", required=True),
            NAME,
            NAME_EN,
            INITIALS,
            Column("industry"),
            Column("grade", "code", choices=("A", "B", "C", "D")),
            Column("department", "code", refers=("departments",)),
            Column("contact"),
            PHONE,
            _grid(required=False),
            LON,
            LAT,
            Column("height", "number", low=0, high=500),
            MADE_UP,
        ),
    ),
    TableSpec(
        "power_points",
        (
            CODE,
            Column("source", "code", required=True, refers=("sources",)),
            Column("measures", "code", required=True, refers=("measures",)),
            Column("production_meter", "code", required=True),
            Column("treatment_meter", "code"),
            Column("production_kw", "number", low=0),
            Column("treatment_kw", "number", low=0),
            MADE_UP,
        ),
    ),
    TableSpec(
        "cameras",
        (
            CODE,
            NAME,
            Column("source", "code", refers=("sources",)),
            _grid(required=False),
            LON,
            LAT,
            Column("address"),
            Column("state", "code", choices=("online", "offline", "unknown"), default="unknown"),
            MADE_UP,
        ),
    ),
    TableSpec(
        "vehicles",
        (
            Column("plate", "code", required=True),
            Column("kind"),
            Column("fuel"),
            Column("stage"),
            Column("source", "code", refers=("sources",)),
            _grid(required=False),
            MADE_UP,
        ),
        key=("plate",),
        zipped=True,
    ),
    TableSpec(
        "orders",
        (
            CODE,
            Column("kind", "code", required=True),
            Column("level"),
            Column("title", required=True),
            Column("title_en"),
            Column("scope_kind", "code", required=True, choices=("grid", "source")),
            Column("scope", "codes", required=True, refers=("grids", "sources")),
            Column("starts", "instant", required=True),
            Column("ends", "instant"),
            Column("issued_by"),
            Column("text"),
            Column("allowed_load", "integer", low=0, high=100),
            MADE_UP,
        ),
    ),
)
"""Every table of a pack, in the order in which they are documented and written."""

SPECS: dict[str, TableSpec] = {spec.name: spec for spec in TABLES}


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a TOML file."""

    name: str
    kind: Literal["text", "code", "integer", "flag", "box", "table", "list"]
    required: bool = False


CITY_FIELDS: tuple[Field, ...] = (
    Field("code", "code", required=True),
    Field("name", "text", required=True),
    Field("name_en", "text"),
    Field("zone", "text", required=True),
    Field("datum", "text", required=True),
    Field("bounds", "box", required=True),
    Field("surroundings", "box"),
    Field("demo", "flag"),
    Field("note", "text"),
    Field("attribution", "list"),
    Field("optical_kinds", "list"),
    Field("words", "table"),
)
"""``city.toml``: the city as a whole. Boxes are [west, south, east, north] in degrees."""

FEED_FIELDS: tuple[Field, ...] = (
    Field("code", "code", required=True),
    Field("name", "text"),
    Field("name_en", "text"),
    Field("adapter", "code", required=True),
    Field("url", "text"),
    Field("every", "integer"),
    Field("overlap", "integer"),
    Field("stale_after", "integer"),
    Field("enabled", "flag"),
    Field("secret", "text"),
    Field("options", "table"),
)
"""``feeds.toml``: one ``[[feed]]`` each; ``options`` is what its adapter reads."""

OTHER_FILES: tuple[tuple[str, bool], ...] = (
    ("city.toml", True),
    ("feeds.toml", False),
    ("policy.toml", False),
    ("canned.toml", False),
    ("scores.toml", False),
    ("daily.toml", False),
    ("rules.toml", False),
    ("boundaries.geojson", False),
)
"""The files that are not tables, and whether a pack must have them."""
TEMPLATES = "templates"
"""The folder of a pack in which its own templates of reports lie."""
