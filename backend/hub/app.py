"""The HTTP side as an ASGI application.

``POST /v1/push/{feed}`` takes what a feed with a pushing upstream sends (HJ 212 frames), checked and stored before the
answer, so that an upstream that got no answer may send again: the same reading twice is one reading. ``GET
/v1/health`` says that the process lives and the store opens, 503 where it does not. Nothing here depends on being the
only process.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from backend.access.keys import opens
from backend.city.registry import City
from backend.clock import Clock
from backend.feeds import push
from backend.feeds.tables import Feed
from backend.ingest import ingest
from backend.store import Store, away, busy, table
from backend.words import Message, say

FEED = table(Feed)
BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of one push: some 10,000 frames."""
_log = logging.getLogger(__name__)


class Refusal(Exception):
    """A push that was not taken."""

    def __init__(self, status: int, message: Message) -> None:
        super().__init__(message.code)
        self.status = status
        self.message = message


def create_app(store: Store, clock: Clock) -> Starlette:
    """The application over a store; the caller closes the store."""

    async def health(_request: Request) -> JSONResponse:
        try:
            await run_in_threadpool(_probe, store)
        except OperationalError as error:
            return _later(error, "health")
        return JSONResponse({"ok": True, "now": clock.now()})

    async def take(request: Request) -> JSONResponse:
        feed = str(request.path_params["feed"])
        try:
            bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
            row = await run_in_threadpool(_admit, store, feed, bearer)
            body = await _body(request)
            counts = await run_in_threadpool(_store, store, clock, row, body)
        except Refusal as refusal:
            return JSONResponse(_error(refusal.message), status_code=refusal.status)
        except ClientDisconnect:
            return JSONResponse({}, status_code=400)
        except OperationalError as error:
            return _later(error, f"push to {feed}")
        return JSONResponse(counts, status_code=200 if not counts["asides"] else 207)

    return Starlette(
        routes=[
            Route("/v1/health", health, methods=["GET"]),
            Route("/v1/push/{feed}", take, methods=["POST"]),
        ]
    )


def _later(error: OperationalError, what: str) -> JSONResponse:
    """Asks to come again: the store was held for too long, or its server is away."""
    if away(error) or busy(error):
        # A thousand instruments come each minute: a line for each says all there is to say.
        _log.warning("%s: the store can't be had: %s", what, str(error.orig).partition("\n")[0])
    else:
        _log.error("%s failed", what, exc_info=error)
    return JSONResponse(_error(Message("hub.busy")), status_code=503, headers={"Retry-After": "5"})


def _error(message: Message) -> dict[str, Any]:
    return {
        "error": message.code,
        "args": dict(message.args),
        "zh": say(message, "zh"),
        "en": say(message, "en"),
    }


def _probe(store: Store) -> None:
    with store.read() as connection:
        connection.execute(select(FEED.c.id).limit(1)).all()


def _admit(store: Store, feed: str, bearer: str) -> Row[Any]:
    """The feed that this key opens; the key is judged first, so that nobody learns which feeds there are."""
    if not bearer:
        raise Refusal(401, Message("hub.no_key"))
    with store.read() as connection:
        if not opens(connection, bearer, f"push:{feed}"):
            raise Refusal(403, Message("hub.bad_key"))
        row = connection.execute(select(FEED).where(FEED.c.code == feed, FEED.c.enabled)).one_or_none()
    if row is None or row.adapter not in push.ADAPTERS:
        raise Refusal(404, Message("hub.no_feed", {"feed": feed}))
    return row


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for chunk in request.stream():
        parts += chunk
        if len(parts) > BODY_LIMIT:
            raise Refusal(413, Message("hub.too_large", {"limit": BODY_LIMIT}))
    if not parts:
        raise Refusal(400, Message("hub.empty"))
    return bytes(parts)


def _store(store: Store, clock: Clock, feed: Row[Any], body: bytes) -> dict[str, int]:
    now = clock.now()
    page = push.page(store, feed.options, body, now)
    with store.read() as connection:
        city = City.read(connection)
    report = ingest(store, city, feed.id, page, now)
    push.note(store, feed.id, page, now, revised=report.revised, unchanged=report.same, aside=report.asides)
    return {
        "received": report.received,
        "written": report.written,
        "revised": report.revised,
        "same": report.same,
        "asides": report.asides,
    }
