"""The console over a real desk: a store filled by real code, no fake rows.

.venv/bin/python -m tests.screens.real [store] [person] [--lang en] [--theme light]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from backend.clock import ManualClock, SystemClock
from backend.desk.desk import Desk
from backend.store import Store
from backend.words.say import Language
from console.wiring import Wiring, wire
from tests.screens import seat_city


def real_wiring(store: Store, person: str = "MD-S1", now: int = seat_city.NOW, **more: Any) -> Wiring:
    """The real calls for somebody's desk at a store that stays open."""
    wiring = wire(lambda: replace(seat_city.desk(store, person, ManualClock(now)), **more))
    return replace(wiring, close=lambda desk: None)  # noqa: ARG005 - the test closes its own store


def main(words: Sequence[str]) -> int:
    """Open it in this terminal: on a store, or on the small city."""
    from console.terminal import prepare

    prepare()
    from console.app import GridseatApp, Options

    plain = [word for word in words if not word.startswith("--")]
    options = dict(zip(words, words[1:], strict=False))
    language: Language = "en" if options.get("--lang") == "en" else "zh"
    if plain and "/" in plain[0]:
        person = plain[1]
        wiring = wire(lambda: Desk.open(plain[0], person, clock=SystemClock()))
    else:
        store = Store.memory()
        seat_city.build(store)
        seat_city.alarms(store)
        wiring = real_wiring(store, plain[0] if plain else "MD-S1", replay=True)
    app = GridseatApp(
        wiring, Options(language=language, theme=options.get("--theme", ""), ascii="--ascii" in words)
    )
    return app.run(mouse=False) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
