"""``gridseat hub``: serve the HTTP side, where instruments push to."""

from __future__ import annotations

import argparse
import errno

from backend import heap
from backend.text import clean
from backend.words import Message, say
from backend.words.machine import reason
from console.exit import Exit
from console.output import tell
from console.settings import load

PORTS = 65535
"""The highest number of a port."""


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "hub", help="serve the HTTP side", description="Serve the HTTP side (POST /v1/push/FEED)."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8212, help="port to listen on (8212; 0 picks a free one)")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    heap.settle()
    settings = load(vars(args))
    if not 0 <= args.port <= PORTS:
        tell(Message("hub.bad_port", {"port": args.port, "most": PORTS}), settings.speaks)
        return Exit.USAGE
    from backend.hub.serving import listen

    try:
        listener = listen(args.host, args.port)
    except (OSError, UnicodeError) as error:
        tell(_why(error, args.host, args.port), settings.speaks)
        return Exit.NETWORK
    import uvicorn

    from backend.clock import SystemClock
    from backend.hub.app import create_app
    from backend.store import Store

    store = Store.open(settings.store)
    host, port = listener.getsockname()[:2]
    print(say(Message("hub.listening", {"host": host, "port": port}), settings.speaks), flush=True)
    server = uvicorn.Server(
        uvicorn.Config(create_app(store, SystemClock()), log_level="warning", access_log=False)
    )
    try:
        server.run(sockets=[listener])
    finally:
        store.close()
    return Exit.OK


def _why(error: OSError | UnicodeError, host: str, port: int) -> Message:
    """Whether it is the port that can't be had, or the address. Python adds what it was doing to what was wrong."""
    told = reason(error) if isinstance(error, OSError) else clean(error)
    told = told.partition(" (while ")[0]
    if getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES):
        return Message("hub.port_taken", {"port": port, "error": told})
    return Message("hub.bad_host", {"host": clean(host, limit=80), "error": told})
