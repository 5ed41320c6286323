"""Whether what we build on in the framework is there: looked at before the console opens, and by ``gridseat doctor``.

The framework keeps its drivers and its compositor to itself: a new version may change them without a word. What is
named here is all that the terminal package takes hold of. Where one is missing the console opens with the framework's
own driver, behind the filter alone.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual._compositor import CompositorUpdate
    from textual.driver import Driver

    from console.terminal.grammar import Ledger

CALLS: dict[str, tuple[str, ...]] = {
    "textual.app:App._display": ("self", "screen", "renderable"),
    "textual.app:App._begin_update": ("self",),
    "textual.app:App._end_update": ("self",),
    "textual.app:App.bell": ("self",),
    "textual.app:App.copy_to_clipboard": ("self", "text"),
    "textual._compositor:LayoutUpdate.__init__": ("self", "strips", "region"),
    "textual._compositor:ChopsUpdate.__init__": ("self", "chops", "spans", "chop_ends"),
    "textual._compositor:CompositorUpdate.render_segments": ("self", "console"),
    "textual.drivers.linux_driver:LinuxDriver.write": ("self", "data"),
    "textual.drivers.linux_driver:LinuxDriver.flush": ("self",),
    "textual.drivers.linux_driver:LinuxDriver.close": ("self",),
    "textual.drivers.linux_driver:LinuxDriver.start_application_mode": ("self",),
    "textual.drivers.linux_driver:LinuxDriver.stop_application_mode": ("self",),
    "textual.drivers.linux_driver:LinuxDriver.disable_input": ("self",),
    "textual.drivers.linux_driver:LinuxDriver._sigtstp_application": ("self",),
    "textual.drivers.linux_driver:LinuxDriver._sigcont_application": ("self",),
    "textual.drivers.linux_driver:LinuxDriver.process_message": ("self", "message"),
    "textual.drivers._writer_thread:WriterThread.write": ("self", "text"),
    "textual.drivers.linux_driver:LinuxDriver.run_input_thread": ("self",),
    "textual._xterm_parser:XTermParser.__init__": ("self", "debug"),
    "textual._xterm_parser:XTermParser._sequence_to_key_events": ("self", "sequence", "alt"),
    "textual._xterm_parser:XTermParser.parse_mouse_code": ("self", "code"),
    "textual._parser:Parser.feed": ("self", "data"),
    "textual._parser:Parser.tick": ("self",),
}
"""Functions that we call or stand in for, and what they are called with."""
NAMES: dict[str, tuple[str, ...]] = {
    "textual.drivers.linux_driver:LinuxDriver.__init__": (
        "_writer_thread",
        "_file",
        "fileno",
        "attrs_before",
        "_must_signal_resume",
        "exit_event",
        "input_tty",
    ),
    "textual.driver:Driver.__init__": ("_app", "_auto_restart", "_debug"),
    "textual.drivers.linux_driver:LinuxDriver.start_application_mode": ("_writer_thread", "WriterThread"),
    "textual.app:App._build_driver": ("driver_class",),
    "textual.drivers.linux_driver:LinuxDriver._enable_mouse_support": ("_mouse",),
    "textual.drivers.linux_driver:LinuxDriver._disable_mouse_support": ("_mouse",),
    "textual._xterm_parser:XTermParser.parse_mouse_code": ("mouse_pixels",),
    "textual.app:App._display": ("_running", "_closed", "_batch_count", "cursor_position"),
    "textual.app:App.__init__": ("_sync_available",),
    "textual._compositor:Compositor.render_partial_update": ("cuts", "spans", "chops"),
    "textual.strip:Strip.__init__": ("_segments",),
    "rich.style:Style._make_ansi_codes": ("_attributes", "_set_attributes", "_color", "_bgcolor"),
    "rich.style:Style.__init__": ("_link",),
}
"""Attributes that we read, and the function in which the framework names them."""
THINGS: tuple[str, ...] = (
    "textual._compositor:CompositorUpdate",
    "textual._parser:ParseError",
    "textual.keys:Keys.Ignore",
)
"""What else has to be there by its name."""
INPUT: tuple[str, ...] = (
    "textual._xterm_parser:",
    "textual._parser:",
    "textual.keys:",
    "textual.driver:",
    "textual.drivers.linux_driver:LinuxDriver.__init__",
    "textual.drivers.linux_driver:LinuxDriver.run_input_thread",
    "textual.drivers.linux_driver:LinuxDriver.process_message",
)
"""Beginnings of the seams that listening takes: where none of them lacks, it does without all others."""
GATE = frozenset(
    {
        "textual._compositor:CompositorUpdate",
        "textual._compositor:LayoutUpdate.__init__",
        "textual._compositor:ChopsUpdate.__init__",
        "textual.strip:Strip.__init__: _segments",
    }
)
"""What the first of the two controls takes hold of, where it stands before the framework's own driver."""


@cache
def missing() -> tuple[str, ...]:
    """The seams that are not there, or not as they were; empty where all are."""
    found = [where for where in THINGS if _at(where) is None]
    for where, words in CALLS.items():
        code = getattr(_at(where), "__code__", None)
        if code is None or code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] != words:
            found.append(where)
    for where, names in NAMES.items():
        code = getattr(_at(where), "__code__", None)
        found += [f"{where}: {name}" for name in names if code is None or name not in _named(code)]
    return tuple(found)


def _named(code: object) -> set[str]:
    return {*getattr(code, "co_names", ()), *getattr(code, "co_varnames", ())}


def _at(where: str) -> object:
    module, _, path = where.partition(":")
    try:
        found: object = import_module(module)
    except ImportError:
        return None
    for name in path.split("."):
        found = getattr(found, name, None)
    return found


def hears() -> bool:
    """Whether what comes from the terminal is sieved: what listening takes hold of is there."""
    return not any(lacking.startswith(INPUT) for lacking in missing())


def driver_class(*, stock: bool = False) -> type[Driver]:
    """The driver to open the console with: ours, or the framework's own behind the filter alone.

    Args:
        stock: the person asks for the framework's own (``--stock-terminal``).
    """
    if not (stock or missing()):
        from console.terminal.paced import PacedDriver

        return PacedDriver
    if hears():
        from console.terminal.listening import HeardStockDriver

        return HeardStockDriver
    from console.terminal.stock import StockDriver

    return StockDriver


def gated(update: CompositorUpdate, ledger: Ledger, mark: str) -> CompositorUpdate:
    """An update of which only text is left, for a driver that compares nothing (`console.terminal.gate`).

    As it is where the framework's updates are not what we know: then the filter of what leaves stands alone.
    """
    if not GATE.isdisjoint(missing()):
        return update
    from console.terminal.gate import guarded

    return guarded(update, ledger, mark)
