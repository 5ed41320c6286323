"""The HTTP side of the replayed city: what its upstreams serve, each in its own shape, on loopback only.

What is pushed (`gateway`) goes out as the clock is moved.

An upstream answers by the replay's clock. Now and then it is busy (503 with Retry-After); it knows its ETag. Under
``/_truth`` lies what was handed out and what was planted, under ``/_control`` the clock, which the demo moves; both
want the key that the demo drew when it started the server.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from backend.clock import ManualClock
from backend.demo import dice, meteo, shapes, sta
from backend.demo.episodes import truth_of
from backend.demo.gateway import Gateway
from backend.demo.passing import FEED, Passings
from backend.demo.upstream import Ledger, SiteHour, Told, Upstreams

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

KEY_HEADER = "x-gridseat-demo"
JSON, CSV = "application/json", "text/csv"
Body = Callable[[Sequence[SiteHour], int], bytes]


class CityHTTP:
    """The upstreams behind an ASGI application."""

    def __init__(
        self,
        upstreams: Upstreams,
        clock: ManualClock,
        key: str,
        *,
        ledger: Ledger | None = None,
        truth: Path | None = None,
        gateways: Sequence[Gateway] = (),
        passings: Passings | None = None,
    ) -> None:
        """
        Args:
            key: opens ``/_truth`` and ``/_control``.
            ledger: where what is handed out is entered; nothing is where None.
            truth: the file in which the planted episodes are kept.
            gateways: what pushes of itself, as the clock is moved.
            passings: what passes the remote-sensing sets; nothing where None.
        """
        self.upstreams = upstreams
        self.clock = clock
        self._key = key
        self._ledger = ledger
        self._truth = truth
        self._gateways = gateways
        self._passings = passings
        self._zone = upstreams.carry.zone
        self._asked: dict[str, int] = {}
        self._begin = clock.now()
        self._things = sta.SensorThingsSide(upstreams)
        self._written = -1
        self._told = lru_cache(maxsize=16)(self._collect)

    def app(self) -> Starlette:
        """The application."""
        from starlette.applications import Starlette
        from starlette.routing import Route

        return Starlette(
            routes=[
                Route(sta.ROOT + "/{path:path}", self._air),
                Route("/v1/forecast", self._weather),
                Route("/township/hourData", self._township),
                Route("/road/export.csv", self._road),
                Route("/water/sections.csv", self._water),
                Route("/power/points", self._power),
                Route("/sensing/hours.csv", self._sensing),
                Route("/sensing/vehicles", self._vehicles),
                Route("/_truth/served", self._served),
                Route("/_truth/episodes", self._episodes),
                Route("/_control/clock", self._move, methods=["POST"]),
            ]
        )

    # -- the upstreams --

    async def _air(self, request: Request) -> Response:
        from starlette.responses import JSONResponse, Response

        now = self.clock.now()
        if self._busy(sta.FEED):
            return self._wait()
        root = f"http://{request.url.netloc}{sta.ROOT}"
        try:
            answer = self._things.answer(request.path_params["path"], dict(request.query_params), root, now)
        except sta.BadQuery as error:
            return JSONResponse({"code": 400, "type": "error", "message": str(error)}, 400)
        if self._ledger is not None:
            self._ledger.answers += 1
            for one in answer.served:
                self._ledger.note(one.hour.site, one.parameter, one.hour.start, one.hour.period, one.told)
        self._keep_truth()
        return Response(msgspec.json.encode(answer.body), media_type=JSON)

    async def _weather(self, request: Request) -> Response:
        from starlette.responses import JSONResponse, Response

        now = self.clock.now()
        if self._busy(meteo.FEED):
            return self._wait()
        try:
            body, told = meteo.answer(self.upstreams, dict(request.query_params), now)
        except (KeyError, ValueError) as error:
            return JSONResponse({"error": True, "reason": str(error)}, 400)
        if self._ledger is not None:
            self._ledger.answers += 1
            for one in told:
                # It knows whole days only: what lies before the replay, or is not over yet, was not asked for.
                asked = self._begin <= one.at <= now - meteo.HOUR
                self._ledger.note(
                    one.site,
                    one.parameter,
                    one.start,
                    meteo.HOUR,
                    Told(one.value),
                    asked=asked,
                )
        return Response(msgspec.json.encode(body), media_type=JSON)

    async def _township(self, request: Request) -> Response:
        page = int(request.query_params.get("pageNum", "1"))
        size = self.upstreams.options("township_air")["page"]

        def body(hours: Sequence[SiteHour], now: int) -> bytes:
            return shapes.township(self._page(hours, page, size), now, self._zone, len(hours), page, size)

        return self._answer(
            request, "township_air", "startTime", JSON, body, lambda h: self._page(h, page, size)
        )

    @staticmethod
    def _page(hours: Sequence[SiteHour], page: int, size: int) -> Sequence[SiteHour]:
        # From the second page on the last row of the page before comes again.
        begin = (page - 1) * (size - 1)
        return hours[begin : begin + size]

    async def _road(self, request: Request) -> Response:
        def body(hours: Sequence[SiteHour], now: int) -> bytes:
            return shapes.road_dust(hours, now, self._zone)

        return self._answer(request, "road_dust", "from", "text/html; charset=gb18030", body)

    async def _water(self, request: Request) -> Response:
        def body(hours: Sequence[SiteHour], now: int) -> bytes:
            return shapes.water(hours, now, self._zone)

        return self._answer(request, "water", "begin", CSV, body)

    async def _power(self, request: Request) -> Response:
        return self._answer(request, "power", "since", JSON, shapes.power)

    async def _sensing(self, request: Request) -> Response:
        def body(hours: Sequence[SiteHour], now: int) -> bytes:
            return shapes.remote_sensing(hours, now, self._zone)

        return self._answer(request, "remote_sensing", "from", CSV, body)

    async def _vehicles(self, request: Request) -> Response:
        from starlette.responses import PlainTextResponse, Response

        now = self.clock.now()
        try:
            since = self._instant(request.query_params.get("from", ""), now)
        except ValueError:
            return PlainTextResponse("bad from", 400)
        if self._passings is None:
            return Response(status_code=404)
        if self._busy(FEED):
            return self._wait()
        return Response(self._passings.body(since, now), media_type=JSON)

    # -- answering --

    def _answer(
        self,
        request: Request,
        feed: str,
        since_name: str,
        kind: str,
        body: Body,
        page: Callable[[Sequence[SiteHour]], Sequence[SiteHour]] = lambda hours: hours,
    ) -> Response:
        """One upstream's answer: busy, not modified, or the page of its hours as `body` writes them."""
        from starlette.responses import PlainTextResponse, Response

        now = self.clock.now()
        try:
            since = self._instant(request.query_params.get(since_name, ""), now)
        except ValueError:
            return PlainTextResponse(f"bad {since_name}", 400)
        if self._busy(feed):
            return self._wait()
        stamp = f'"{self.upstreams.stamp(feed, since, now, now)}-{request.url.query}"'
        headers = {"ETag": stamp, "X-City-Time": formatdate(now, usegmt=True)}
        if request.headers.get("if-none-match") == stamp:
            return Response(status_code=304, headers=headers)
        hours = self._told(feed, since, now)
        content = body(hours, now)
        if self._ledger is not None:
            self._ledger.enter(page(hours), now)
        self._keep_truth()
        return Response(content, media_type=kind, headers=headers)

    @staticmethod
    def _wait() -> Response:
        from starlette.responses import PlainTextResponse

        return PlainTextResponse("busy", 503, {"Retry-After": "1"})

    def _collect(self, feed: str, since: int, now: int) -> Sequence[SiteHour]:
        return list(self.upstreams.told(feed, since, now, now))

    def _busy(self, feed: str) -> bool:
        count = self._asked[feed] = self._asked.get(feed, 0) + 1
        base = dice.key(self.upstreams.carry.seed, feed, "busy")
        share = self.upstreams.options(feed)["busy"]
        return dice.unit(base, count) < share and not dice.unit(base, count - 1) < share

    def _instant(self, text: str, now: int) -> int:
        """An instant as a query gives it: epoch seconds, or civil time with or without an offset."""
        if not text:
            return now - 86_400
        if text.isdigit():
            return int(text)
        moment = datetime.fromisoformat(text.replace("/", "-"))
        return int((moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).timestamp())

    # -- what only the demo itself asks --

    def _refused(self, request: Request) -> Response | None:
        from starlette.responses import PlainTextResponse

        given = request.headers.get(KEY_HEADER, "")
        return None if hmac.compare_digest(given, self._key) else PlainTextResponse("key", 403)

    async def _served(self, request: Request) -> Response:
        from starlette.responses import Response

        refused = self._refused(request)
        if refused is not None or self._ledger is None:
            return refused or Response(status_code=404)
        ledger = self._ledger
        counted = {
            "answers": ledger.answers,
            "repeats": ledger.repeats,
            "pushed": {gateway.feed: gateway.told() for gateway in self._gateways},
            "readings": [[*key, told.value, told.below] for key, told in ledger.told.items()],
            "offered": [[*key, told.value, told.below] for key, told in ledger.offered.items()],
        }
        return Response(msgspec.json.encode(counted), media_type=JSON)

    async def _episodes(self, request: Request) -> Response:
        from starlette.responses import Response

        self._keep_truth()
        truth = truth_of(self.upstreams.episodes.planned())
        return self._refused(request) or Response(msgspec.json.encode(truth), media_type=JSON)

    async def _move(self, request: Request) -> Response:
        from starlette.responses import Response

        refused = self._refused(request)
        if refused is not None:
            return refused
        wanted = await request.json()
        before = self.clock.at
        now = self.clock.at = max(before, int(wanted["now"]))
        if now // meteo.HOUR != before // meteo.HOUR:
            self.upstreams.forget(now)
        for gateway in self._gateways:
            await gateway.go(now, settle=bool(wanted.get("settle")))
        self._keep_truth()
        waits = [at for gateway in self._gateways if (at := gateway.waits()) is not None]
        return Response(msgspec.json.encode({"now": now, "waits": min(waits, default=None)}), media_type=JSON)

    def _keep_truth(self) -> None:
        """Write the planted episodes where the demo's folder keeps them, whenever a new day was planned."""
        planned = self.upstreams.episodes.planned()
        if self._truth is None or len(planned) == self._written:
            return
        partial = self._truth.with_suffix(".part")
        partial.write_text(json.dumps(truth_of(planned), ensure_ascii=False, indent=1), "utf-8")
        partial.replace(self._truth)
        self._written = len(planned)
