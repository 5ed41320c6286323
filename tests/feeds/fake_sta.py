"""A SensorThings service in memory that breaks the standard where it is told to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from backend.feeds.http import Ask, Reply

ROOT = "http://sta.test/v1.1"


def moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def begin(row: dict[str, Any]) -> int:
    """When an observation begins; one without a time is taken for a very late one."""
    try:
        return instant(str(row["phenomenonTime"]).partition("/")[0])
    except ValueError:
        return 2**40


@dataclass
class FakeSta:
    """Datastreams and observations, and what is wrong with the server."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    observations: list[dict[str, Any]] = field(default_factory=list)
    max_top: int = 1000
    refuses_top: bool = False
    """Answers 400 to a $top above its limit, where others cap it."""
    fails_on_order: bool = False
    ignores_filter: bool = False
    fails_on_select: bool = False
    fails_on_nested: bool = False
    same_single: bool = False
    """Expands every single entity to the one of the first row."""
    link_host: str = ROOT
    fail_from: int = 0
    """The request (counted from 1) from which on all fail with 503."""
    fail_path: str = ""
    """What a failing address holds."""
    gone: set[int] = field(default_factory=set)
    """Datastreams that are no more."""
    asked: list[str] = field(default_factory=list)

    @property
    def streams(self) -> dict[int, dict[str, Any]]:
        """All Datastreams by id."""
        return {row["@iot.id"]: row for thing in self.things.values() for row in thing["Datastreams"]}

    def stream(self, number: int, station: str, name: str, unit: str = "ug/m3", /, **thing: Any) -> None:
        self.things.setdefault(
            station,
            {
                "@iot.id": f"t-{station}",
                "name": f"站{station}",
                "properties": {"stationCode": station},
                "Locations": [{"location": {"type": "Point", "coordinates": [115.5, 35.2]}}],
                "Datastreams": [],
                **thing,
            },
        )["Datastreams"].append(
            {
                "@iot.id": number,
                "name": name,
                "unitOfMeasurement": {"name": unit, "symbol": unit},
                "ObservedProperty": {"@iot.id": f"p-{name}", "name": name, "definition": f"http://x/{name}"},
            }
        )

    def observe(self, stream: int, at: int, result: Any, **rest: Any) -> None:
        row = {
            "@iot.id": len(self.observations) + 1,
            "phenomenonTime": moment(at),
            "resultTime": moment(at),
            "result": result,
            "Datastream": {"@iot.id": stream},
        }
        self.observations.append({**row, **rest})

    def fetch(self, ask: Ask) -> Reply:
        address = ask.address()
        self.asked.append(address)
        if (self.fail_from and len(self.asked) >= self.fail_from) or (
            self.fail_path and self.fail_path in address
        ):
            return Reply(503, {}, b"down", address)
        parts = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        top = int(query.get("$top", "100"))
        if top > self.max_top and self.refuses_top:
            return self._refuse(400, f"$top must be less than or equal to {self.max_top}")
        if self.fails_on_order and "phenomenonTime" in query.get("$orderby", ""):
            return self._refuse(500, "Internal server error")
        if self.fails_on_select and "$select" in query.get("$expand", ""):
            return self._refuse(501, "not implemented")
        path = unquote(parts.path).removeprefix("/v1.1/")
        if any(path.startswith(f"Datastreams({number})") for number in self.gone):
            return self._refuse(404, "Nothing found.")
        entity = self._entity(path)
        if entity is not None:
            return Reply(200, {}, json.dumps(entity).encode(), address)
        if self.fails_on_nested and "($expand" in query.get("$expand", ""):
            return self._refuse(400, "Bad request")
        rows = self._things(query) if path == "Things" else self._observations(path, query)
        skip, top = int(query.get("$skip", "0")), min(top, self.max_top)
        body: dict[str, Any] = {"value": rows[skip : skip + top]}
        if skip + top < len(rows):
            rest = "&".join(f"{key}={value}" for key, value in {**query, "$skip": skip + top}.items())
            # The blanks are raw, as FROST and others send them.
            body["@iot.nextLink"] = f"{self.link_host}/{path}?{rest}"
        return Reply(200, {}, json.dumps(body).encode(), address)

    def _entity(self, path: str) -> dict[str, Any] | None:
        observed = re.fullmatch(r"Datastreams\((\d+)\)/ObservedProperty", path)
        if observed:
            return dict(self.streams[int(observed.group(1))]["ObservedProperty"])
        owner = re.fullmatch(r"Observations\((\d+)\)/Datastream", path)
        if owner:
            return dict(self.observations[int(owner.group(1)) - 1]["Datastream"])
        return None

    def _things(self, query: dict[str, str]) -> list[dict[str, Any]]:
        things: list[dict[str, Any]] = json.loads(json.dumps(list(self.things.values())))
        for thing in things:
            thing["Datastreams"] = [row for row in thing["Datastreams"] if row["@iot.id"] not in self.gone]
        nested = "($expand=ObservedProperty)" in query.get("$expand", "")
        first = things[0]["Datastreams"][0]["ObservedProperty"] if things else None
        for row in (row for thing in things for row in thing["Datastreams"]):
            if not nested:
                del row["ObservedProperty"]
            elif self.same_single:
                row["ObservedProperty"] = first
        return things

    def _observations(self, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
        rows = self.observations
        one = re.fullmatch(r"Datastreams\((\d+)\)/Observations", path)
        if one:
            rows = [row for row in rows if row["Datastream"]["@iot.id"] == int(one.group(1))]
        found = re.fullmatch(r"phenomenonTime ge (\S+)", query.get("$filter", ""))
        if found and not self.ignores_filter:
            since = instant(found.group(1))
            rows = [row for row in rows if begin(row) >= since]
        if "phenomenonTime" in query.get("$orderby", ""):
            down = query["$orderby"].endswith("desc")
            rows = sorted(rows, key=begin, reverse=down)
        if self.same_single and rows:
            rows = [{**row, "Datastream": rows[0]["Datastream"]} for row in rows]
        return rows

    def _refuse(self, status: int, why: str) -> Reply:
        return Reply(status, {}, json.dumps({"detail": why}).encode(), ROOT)
