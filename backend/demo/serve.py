"""The city's HTTP side as a process of its own, started and ended by the demo.

    python -m backend.demo.serve

It reads one line of JSON from standard input (`Wanted`; the keys of the feeds that it pushes come this way too),
prints one line with its port, and serves until standard input ends. A parent that is killed lets go of that pipe, so
nothing is left running whatever happens to it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from backend import heap
from backend.clock import ManualClock

if TYPE_CHECKING:
    from backend.demo.city_http import CityHTTP


@dataclass(frozen=True)
class Wanted:
    """What the parent wants served."""

    pack: str
    """The pack's folder."""
    seed: int
    key: str
    origin: int
    """The replay's instant at the start; ``/_control/clock`` moves it on."""
    rate: float = 1.0
    """Times the number of planted episodes."""
    county: str = ""
    """Where something is planted at the start."""
    truth: str = ""
    """The file for the planted episodes."""
    ledger: bool = False
    port: int = 0
    hub: str = ""
    """The address of the seat's own HTTP side, to which instruments push."""
    pushes: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Feed to key, of the feeds that are pushed."""

    def line(self) -> bytes:
        """As it goes down the pipe."""
        return json.dumps(asdict(self)).encode() + b"\n"


def city(wanted: Wanted) -> CityHTTP:
    """The upstreams of that city."""
    from backend.demo.carry import Carry
    from backend.demo.city_http import CityHTTP
    from backend.demo.episodes import Episodes, Opening
    from backend.demo.gateway import Gateway, HttpPost
    from backend.demo.generate import Generator
    from backend.demo.passing import Passings
    from backend.demo.places import Places
    from backend.demo.upstream import Ledger, Upstreams

    places = Places.read(Path(wanted.pack))
    carry = Carry(places.zone, wanted.seed)
    opening = Opening(wanted.county, wanted.origin) if wanted.county else None
    episodes = Episodes(places, carry, Generator(carry), rate=wanted.rate, opening=opening)
    upstreams = Upstreams(places, carry, episodes)
    ledger = Ledger() if wanted.ledger else None
    gateways = [
        Gateway(upstreams, feed, HttpPost(f"{wanted.hub}/v1/push/{feed}", key), wanted.origin, ledger=ledger)
        for feed, key in sorted(wanted.pushes.items())
    ]
    return CityHTTP(
        upstreams,
        ManualClock(wanted.origin),
        wanted.key,
        ledger=ledger,
        truth=Path(wanted.truth) if wanted.truth else None,
        gateways=gateways,
        passings=Passings(places, carry, Path(wanted.pack)),
    )


def _bind(port: int) -> socket.socket:
    # With its protocol named, asyncio sends small answers at once (TCP_NODELAY): 40 ms less for each.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        # The port of the last time is taken: any other will do, the parent is told which.
        listening.bind(("127.0.0.1", 0))
    # Before the parent is told: whoever comes now waits a moment and is not refused.
    listening.listen(128)
    return listening


def _end_with_parent() -> None:
    """Wait until the parent lets go of the pipe, then leave at once: there is nothing here worth saving."""
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def main() -> None:
    """Serve until standard input ends."""
    import uvicorn

    heap.settle()
    wanted = Wanted(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    app = city(wanted).app()
    listening = _bind(wanted.port)
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", ws="none")
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
