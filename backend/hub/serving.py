"""The HTTP side on a socket: bound where it was asked for, and served in a thread of a process that does more."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from backend.clock import Clock
from backend.store import Store

if TYPE_CHECKING:
    import uvicorn

PATIENCE = 5.0
"""Seconds that a push under way is given when the serving ends."""
_LOOK = 0.01


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        OSError: the address can't be had.
    """
    plain = socket.create_server((host, port))
    # With its protocol named, asyncio sends small answers at once (TCP_NODELAY): 40 ms less for each.
    return socket.socket(plain.family, plain.type, socket.IPPROTO_TCP, fileno=plain.detach())


class Serving:
    """The HTTP side over a store, on loopback, from `start` to `stop` or the end of the ``with`` block."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """
        Args:
            store: must stay open for as long as this serves.
        """
        self._store = store
        self._clock = clock
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.port = 0

    @property
    def base(self) -> str:
        """The address under which it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Serving:
        """Serve from now on.

        Raises:
            OSError: no port can be had.
        """
        import uvicorn

        from backend.hub.app import create_app

        listening = listen("127.0.0.1", 0)
        self.port = listening.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                create_app(self._store, self._clock),
                log_level="critical",
                access_log=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=int(PATIENCE),
            )
        )
        # Whoever comes before the thread is at work waits in the socket's queue and is not refused.
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="hub", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End, when the push under way is stored; harmless where nothing serves."""
        server, self._server = self._server, None
        thread, self._thread = self._thread, None
        if server is None or thread is None:
            return
        # Told to leave while it is still starting it would not hear it.
        while thread.is_alive() and not server.started:
            thread.join(_LOOK)
        server.should_exit = True
        thread.join(2 * PATIENCE)

    def __enter__(self) -> Serving:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
