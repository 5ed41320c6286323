"""An incident's title as a code and its arguments: names in both languages, so that either can be said."""

from __future__ import annotations

from backend.alarms.standing import Standing
from backend.city.registry import City
from backend.words import entry
from backend.words.message import Scalar


def title(city: City, alarm: Standing) -> tuple[str, dict[str, Scalar]]:
    """The title of an incident that an alarm opens."""
    args: dict[str, Scalar] = {"rule": alarm.rule, "feed": alarm.feed, "subject": alarm.subject}
    station = city.stations.get(alarm.station or 0)
    if station is not None:
        args["station"], args["station_en"] = station.name, station.name_en or station.name
    region = city.grids.get(alarm.county or alarm.grid)
    if region is not None:
        args["region"], args["region_en"] = region.name, region.name_en or region.name
    parameter = city.parameters.get(alarm.parameter or 0)
    if parameter is not None:
        # 细颗粒物 PM2.5: the short form is what is said at the desk.
        args["parameter"], args["parameter_en"] = (
            parameter.name.split()[-1],
            parameter.name_en or parameter.code,
        )
    code = f"incident.title.{alarm.rule}"
    return (code if entry(code, "zh") is not None else "incident.title.alarm"), args
