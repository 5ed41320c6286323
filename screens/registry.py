"""Which screens and pages there are, by name; each is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from screens.base import PageScreen
    from screens.frame import GridScreen

MAIN_SCREENS: Mapping[str, str] = {
    "overview": "screens.overview:Overview",
    "stations": "screens.stations:Stations",
    "alarms": "screens.alarms:Alarms",
    "tasks": "screens.tasks:Tasks",
    "feeds": "screens.feeds:Feeds",
}
"""The screens of keys 1 to 5."""
PAGES: Mapping[str, str] = {
    "station": "screens.station:StationPage",
    "alarm": "screens.alarm:AlarmPage",
    "task": "screens.task:TaskPage",
    "feed": "screens.feed:FeedPage",
    "grid": "screens.place:GridPage",
    "source": "screens.place:SourcePage",
    "notices": "screens.notices:Notices",
    "incident": "screens.incident:IncidentPage",
    "complaints": "screens.complaints:Complaints",
    "complaint": "screens.complaint:ComplaintPage",
    "orders": "screens.orders:Orders",
    "order": "screens.orders:OrderPage",
    "triage": "screens.triage:Triage",
    "trace": "screens.trace:TracePage",
    "brief": "screens.brief:BriefPage",
    "duty": "screens.duty:Duty",
    "reports": "screens.reports:Reports",
    "report": "screens.reports:ReportPage",
    "shiftlog": "screens.reports:ShiftLogPage",
    "handover": "screens.handover:HandoverScreen",
    "hours": "screens.hours:HoursPage",
    "supervise": "screens.supervise:Supervise",
    "ranked": "screens.supervise:Ranked",
    "admin": "screens.admin:Admin",
    "channel": "screens.admin:ChannelPage",
    "policy": "screens.policy:PolicyPage",
    "quality": "screens.quality:Quality",
    "span": "screens.span:SpanPage",
    "hourly": "screens.hourly:HourlyPage",
    "forecast": "screens.forecast:Forecast",
    "forecast_station": "screens.forecast_page:ForecastPage",
    "hotspots": "screens.hotspots:Hotspots",
    "hotgrid": "screens.hotspots_page:HotGridPage",
}
"""Pages of one thing, made with its key."""


def main_screen(name: str) -> GridScreen:
    """A new main screen."""
    return cast("Callable[[], GridScreen]", _load(MAIN_SCREENS[name]))()


def page(name: str, key: str) -> PageScreen[Any]:
    """A new page of one thing."""
    return cast("Callable[[str], PageScreen[Any]]", _load(PAGES[name]))(key)


def _load(where: str) -> object:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)
