"""The terminal: only what changed is sent to it, and nothing else gets through; here, whether there is one at all.

The way of a frame, from the framework to the terminal:

- `painting` is where the driver takes the compositor's updates (`gate` guards them for the framework's own driver).
- `cells` makes lines of cells of them, letters and `looks`; what may not be shown is marked by `grammar.plain`.
- `encode` compares them with what the terminal shows: `scroll` finds lines that have moved, `stops` sets tab stops,
  `lines` chooses the way of each line by its `pieces`, `hand` writes them, `moves` and `looks` give the bytes.
  `abilities` says what this terminal can do, `widths` which letters it may draw wider.
- `grammar` holds what was written to an allow-list: the filter, which nothing goes around.
- `writer` sends it when the line has room: `line` measures it by `rules` (`underway`, `supposed`), `judge` and `chance`
  tell whether it is slow.

The classes of the driver, each built on the one before: `stock` (gives the terminal back however the program ends),
`listening` (what comes in; `answers` takes what is no key), `driver` (the filter and its doors), `painting` (cells),
`paced` (the line). `seams` says which of them can be had with this version of the framework.

Beside the way: `charset` and `letters` (which letters there are), `survey` (``gridseat doctor``), `printed` (commands).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

from backend.words import Message

_DUMB = ("dumb", "unknown", "")


def refusal(stdin_tty: bool, stdout_tty: bool, environ: Mapping[str, str]) -> Message | None:
    """Why the console can't be opened here; None where it can.

    Without a terminal it would draw for nobody, and an ``ssh -T`` would leave it running after the line is cut; a
    terminal that obeys no escape codes would be flooded with them.
    """
    if not (stdin_tty and stdout_tty):
        return Message("cli.no_terminal_ssh" if environ.get("SSH_CONNECTION") else "cli.no_terminal")
    return unmovable(environ) if deaf(environ) else None


def deaf(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says by its name that it obeys nothing."""
    return environ.get("TERM", "") in _DUMB


def unmovable(environ: Mapping[str, str]) -> Message:
    """A terminal of this type obeys nothing, or another language than ours (VT52, Wyse): it is sent words alone."""
    return Message("cli.dumb_terminal", {"term": environ.get("TERM", "") or "-"})


def prepare(environ: MutableMapping[str, str] | None = None) -> None:
    """Shut the framework's own switches (``TEXTUAL*``: devtools, screenshots, key presses, drivers) and set ours.

    How large the terminal is says the terminal; ``COLUMNS`` and ``LINES`` are for one that does not (a serial line).
    Must run before anything of the framework is imported: it reads them once.
    """
    environ = os.environ if environ is None else environ
    for name in [name for name in environ if name.startswith("TEXTUAL")]:
        del environ[name]
    if _sized():
        # The framework would believe a shell that has exported them, and follow no change of size.
        for name in ("COLUMNS", "LINES"):
            environ.pop(name, None)
    environ["TEXTUAL_ANIMATIONS"] = "none"
    environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
    # What the terminal can do is told by TERM and COLORTERM; this is for those that tell wrong.
    if (depth := environ.get("GRIDSEAT_COLORS", "")) in ("standard", "256", "truecolor"):
        environ["TEXTUAL_COLOR_SYSTEM"] = depth


def _sized() -> bool:
    """Whether the terminal knows its own size."""
    try:
        return min(os.get_terminal_size(1)) > 0
    except OSError:
        return False
