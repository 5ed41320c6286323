"""``gridseat hub``: serve the HTTP side, where instruments push to."""

from __future__ import annotations

import argparse
import sys

from backend import heap
from backend.words import Message, say
from console.exit import Exit
from console.settings import load


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
    from backend.hub.serving import listen

    try:
        listener = listen(args.host, args.port)
    except OSError as error:
        message = Message("hub.port_taken", {"port": args.port, "error": error.strerror or str(error)})
        sys.stderr.write(f"gridseat: {say(message, settings.speaks)}\n")
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
