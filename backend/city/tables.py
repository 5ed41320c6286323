"""The city as data: grids, centres, people, stations, sources, orders (网格、中心、人员、站点、污染源、指令).

Rows marked ``made_up`` stand in for what no public record gives. A dated row holds from ``valid_from`` (a date
of the city, ISO text) until ``valid_to`` (exclusive, empty for ever). What a later pack no longer names stays,
out of service: tasks and readings still speak of it.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, SmallInteger, Text, UniqueConstraint
from sqlmodel import Field

from backend.store.model import Row, instant


class CityFact(Row):
    """One fact about the city as a whole: name, zone, datum, bounds, the pack it was loaded from."""

    __tablename__ = "city_fact"

    key: str = Field(primary_key=True)
    value: str


class Grid(Row):
    """A grid 网格 of level 1 (city), 2 (county), 3 (township) or 4."""

    __tablename__ = "grid"

    code: str = Field(primary_key=True)
    parent: str = Field(default="", index=True)
    level: int
    name: str
    name_en: str = ""
    pinyin: str = ""
    initials: str = Field(default="", index=True)
    aliases: str = ""
    """Other names, separated by `|`."""
    kind: str = ""
    county: str = Field(default="", index=True)
    """The level-2 grid that it lies in (itself at level 2)."""
    township: str = Field(default="", index=True)
    """The level-3 grid that it lies in (itself at level 3)."""
    lon: float | None = None
    lat: float | None = None
    in_service: bool = True
    made_up: bool = False


class Shape(Row):
    """A grid's outline: GeoJSON MultiPolygon coordinates, WGS-84."""

    __tablename__ = "shape"

    grid: str = Field(primary_key=True)
    coordinates: str = Field(sa_column=Column(Text, nullable=False))
    made_up: bool = False


class Centre(Row):
    """A command centre 指挥中心: tier M (city), C (county) or T (township)."""

    __tablename__ = "centre"

    code: str = Field(primary_key=True)
    grid: str = Field(index=True)
    tier: str
    name: str
    name_en: str = ""
    phone: str = ""
    in_service: bool = True
    made_up: bool = False


class Department(Row):
    """A city department 部门 that can be given a task."""

    __tablename__ = "department"

    code: str = Field(primary_key=True)
    name: str
    name_en: str = ""
    phone: str = ""
    kind: str = "bureau"
    """``bureau``, or ``contractor``: a maintenance contractor 运维单位, which gets work orders."""
    in_service: bool = True
    made_up: bool = False


class Person(Row):
    """Someone with a role (seat, supervisor, administrator, member) over a grid and all below it."""

    __tablename__ = "person"

    code: str = Field(primary_key=True)
    name: str
    name_en: str = ""
    """How the name is written in English, such as pinyin; empty: shown as it is."""
    pinyin: str = ""
    initials: str = ""
    role: str
    grid: str = Field(index=True)
    centre: str = ""
    department: str = ""
    phone: str = ""
    active: bool = True
    from_pack: bool = False
    """Whether the pack named them; one that was entered here is no business of the pack's."""
    made_up: bool = False


class DutyEntry(Row):
    """A line of the duty book 值班表: who answers for a centre, a department or a member, and when."""

    __tablename__ = "duty_entry"

    id: int | None = Field(default=None, primary_key=True)
    body_kind: str
    """``centre``, ``department`` or ``member``."""
    body: str = Field(index=True)
    days: str = "1111111"
    """Monday to Sunday, 1 where it holds."""
    start_minute: int
    end_minute: int
    """Minutes of the civil day; an end at or before the start runs past midnight."""
    name: str = ""
    phone: str = ""
    valid_from: str = ""
    valid_to: str = ""
    """Civil days: the first on which it holds, and the first on which it does no longer; empty for no bound."""
    from_pack: bool = False
    """False once somebody keeps the book of this body here: then no pack changes it any more."""
    made_up: bool = False
    name_en: str = ""
    set_by: str = ""
    """Who entered it, or ended it, here; empty where the pack did."""
    set_at: int | None = instant(nullable=True)


class IncidentType(Row):
    """What can happen 事件类型: lead department, evidence asked for, result codes."""

    __tablename__ = "incident_type"

    code: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    valid_to: str = ""
    name: str
    name_en: str
    department: str = ""
    co_departments: str = ""
    priority: str = "medium"
    evidence: str = ""
    results: str = ""
    """Result codes, separated by `|`."""
    made_up: bool = False


class PolicyText(Row):
    """A version of the clocks and the escalation steps; a task keeps the version it was opened under."""

    __tablename__ = "policy"

    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    effective: int = instant(index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    """TOML, as in the pack's ``policy.toml``."""
    note: str = ""


class RuleText(Row):
    """A version of the alarm rules (TOML, as in the pack's ``rules.toml``)."""

    __tablename__ = "rule_set"

    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    effective: int = instant(index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    note: str = ""


class Parameter(Row):
    """Something that is measured 监测因子. The small number is what readings carry."""

    __tablename__ = "parameter"

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    code: str = Field(unique=True)
    name: str
    name_en: str
    unit: str = ""
    decimals: int = 0
    hj212: str = ""
    low: float | None = None
    high: float | None = None
    """Outside of low..high a value is impossible."""
    suspect_above: float | None = None


class Station(Row):
    """A monitoring point 站点. One that a feed brought and the pack does not know is not ``placed``."""

    __tablename__ = "station"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    name_en: str = ""
    initials: str = ""
    kind: str = Field(index=True)
    """air, township_air, road_dust, water, site_dust, remote_sensing, power, weather, or the pack's own."""
    grid: str = Field(default="", index=True)
    county: str = Field(default="", index=True)
    township: str = ""
    lon: float | None = None
    lat: float | None = None
    target: str = ""
    """A water section's target class, a dust site's limit set."""
    source: str = Field(default="", index=True)
    """The source at which it stands."""
    upstream: str = ""
    """Other codes under which feeds name it, separated by `|`."""
    maintainer: str = ""
    """The contractor that keeps it."""
    in_service: bool = True
    placed: bool = True
    made_up: bool = False


class StationParameter(Row):
    """What a station measures, how often, and the one feed that owns it."""

    __tablename__ = "station_parameter"

    station: int = Field(primary_key=True)
    parameter: int = Field(primary_key=True)
    period: int = Field(primary_key=True)
    feed: str = Field(default="", index=True)
    upstream: str = ""
    """The feed's own name for it, where it has one."""


class Source(Row):
    """Something that can pollute 污染源: enterprise, construction site, road, power plant."""

    __tablename__ = "source"

    code: str = Field(primary_key=True)
    kind: str = Field(index=True)
    name: str
    name_en: str = ""
    initials: str = ""
    industry: str = ""
    grade: str = ""
    """Performance grade 绩效分级 A to D."""
    department: str = ""
    contact: str = ""
    phone: str = ""
    grid: str = Field(default="", index=True)
    county: str = ""
    township: str = ""
    lon: float | None = None
    lat: float | None = None
    height: float | None = None
    """Metres over the ground at which it lets go 排放口高度: of the main stack; None where it is not known."""
    in_service: bool = True
    made_up: bool = False


class PowerPoint(Row):
    """A pair of meters 用电监控点 at an enterprise: production and treatment."""

    __tablename__ = "power_point"

    code: str = Field(primary_key=True)
    source: str = Field(index=True)
    station: str = ""
    """The code of the station that carries its readings."""
    production_meter: str = ""
    treatment_meter: str = ""
    production_kw: float | None = None
    treatment_kw: float | None = None
    made_up: bool = False


class Camera(Row):
    """A camera 视频点位: where it is, and the address to copy."""

    __tablename__ = "camera"

    code: str = Field(primary_key=True)
    name: str
    source: str = Field(default="", index=True)
    grid: str = Field(default="", index=True)
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    state: str = "unknown"
    made_up: bool = False


class Vehicle(Row):
    """A vehicle 车辆 of the register."""

    __tablename__ = "vehicle"

    plate: str = Field(primary_key=True)
    kind: str = ""
    fuel: str = ""
    stage: str = ""
    source: str = ""
    grid: str = Field(default="", index=True)
    made_up: bool = False


class StandingOrder(Row):
    """An order 指令、管控令 in force: a heavy-pollution warning, a stop-work order, a declared stop."""

    __tablename__ = "standing_order"
    __table_args__ = (UniqueConstraint("code"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str
    kind: str
    level: str = ""
    title: str
    scope_kind: str
    """``grid`` or ``source``."""
    scope: str = ""
    """Codes, separated by `|`."""
    starts: int = instant(index=True)
    ends: int | None = instant(nullable=True)
    issued_by: str = ""
    text: str = ""
    from_pack: bool = False
    made_up: bool = False
    lead: str = ""
    """The department that leads the work it asks for."""
    due: int | None = instant(nullable=True)
    """Until when that work is to be done; none where it asks for none."""
    recorded: int | None = instant(nullable=True)
    """When it was entered here; none for one of the pack."""
    withdrawn: int | None = instant(nullable=True)
    """When it was taken back, before its end."""
    title_en: str = ""
    """Its title in English, of one of the pack; what a person typed stands as it was typed."""
    allowed_load: int | None = None
    """Per cent of its usual load 允许负荷 that this warning lets a source run at; none where its plan or grade says."""
