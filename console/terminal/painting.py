"""The driver that sends only what changed: frames come as cells, and leave as the shortest way to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual._compositor import ChopsUpdate, LayoutUpdate

from console.terminal.abilities import abilities
from console.terminal.cells import Composed, Letters
from console.terminal.driver import GuardedDriver
from console.terminal.encode import Encoder
from console.terminal.grammar import Door, plain, sound
from console.terminal.looks import Looks
from console.terminal.stock import CHECKS
from console.terminal.stops import expanded, usual
from console.terminal.writer import Pace, Writer

if TYPE_CHECKING:
    from rich.color import ColorSystem


class Painting(NamedTuple):
    """What is meant, and the way to it; the two know the same looks, so they change together."""

    composed: Composed
    encoder: Encoder


class CellDriver(GuardedDriver):
    """The driver that sends only cells which differ: `display` takes the compositor's updates.

    `line` may be set before it starts.
    """

    line: Pace | None = None
    _writer: Writer | None = None
    _drawn = 0
    """`Frame.sizes` when the window changed last."""
    _whole = 0
    """`Frame.sizes` when the whole screen was told last."""
    _marked = False
    """A mark has gone out in the place of something since the last whole frame."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.can = abilities()
        if self.can.tabs and expanded(self._file):
            self.can = replace(self.can, tabs=False)
        self.colour(app.console._color_system)

    def colour(self, depth: ColorSystem | None) -> None:
        """Tell colours so many deep from now on; everything is to be displayed anew."""
        looks, letters = Looks(depth, offs=self.can.offs), Letters()
        self.painting = Painting(
            Composed(looks, letters, plain=self._plain), Encoder(self.can, looks, letters)
        )

    def _plain(self, text: str) -> str:
        return text if sound(text) else plain(text, self.filter.ledger, self.filter.mark)

    # Frames.

    def takes(self, update: object) -> bool:
        """Whether this is an update of which we know the cells."""
        return isinstance(update, LayoutUpdate | ChopsUpdate)

    def display(
        self,
        update: LayoutUpdate | ChopsUpdate,
        size: tuple[int, int],
        cursor: tuple[int, int] | None,
        *,
        sync: bool,
    ) -> None:
        """Take an update of a screen of this size in; it is shown when the terminal is ready."""
        news = self.painting.composed.take(update, size, cursor, sync=sync)
        if isinstance(update, LayoutUpdate) and update.region.size == size:
            self._whole = self.painting.composed.frame.sizes
        if news and self._writer is not None:
            self._writer.show()

    def forget(self) -> None:
        """Nobody knows what the terminal shows: clear it, and show all of it again."""
        composed, encoder = self.painting
        encoder.forget()
        if self._writer is not None and composed.frame.rows:
            self._writer.show()

    def jolted(self, checks: int = CHECKS) -> None:
        """Another size goes whole by itself; whether there was another is seen when the window is at rest."""
        if checks == CHECKS:
            self._drawn = self.painting.composed.frame.sizes
        super().jolted(checks)

    def torn(self) -> bool | None:
        """A window as large as it was has lost what it showed; parts of a size that did not last make no frame."""
        frame = self.painting.composed.frame
        if (frame.width, frame.height) != self._get_terminal_size():
            return None
        return frame.sizes == self._drawn or frame.sizes != self._whole

    def _next(self, most: int) -> tuple[str, bool]:
        """The way to the newest frame, held to the grammar as everything is."""
        composed, encoder = self.painting
        text, whole = encoder.frame(composed.frame, most)
        before = self.filter.ledger.total
        passed = self.filter.passed(text, Door.FRAME) if text else ""
        self._marked = self._marked or self.filter.ledger.total != before
        if self._marked and whole:
            # Something else stands there now than was meant to; a frame in pieces comes to its end first.
            self._marked = False
            encoder.forget()
        return passed, whole

    # What is not a frame.

    def write(self, data: str) -> None:
        """Write what is no frame of ours; whatever it shows, the next frame goes whole."""
        super().write(data)
        if not getattr(self._here, "own", 0):
            self.foreign()

    def start_application_mode(self) -> None:
        """Take the terminal."""
        super().start_application_mode()
        self.forget()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        if self._writer is not None:
            self._writer.halt()
        super().stop_application_mode()

    def parting(self) -> str:
        """The tab stops that the terminal came with: also where no frame has told yet how wide it is."""
        return usual(max(self.painting.encoder.width, self._get_terminal_size()[0])) if self.can.tabs else ""

    @property
    def _writer_thread(self) -> Any:
        """Where the framework keeps its writer: ours stands there."""
        return self._writer

    @_writer_thread.setter
    def _writer_thread(self, value: Any) -> None:
        failed = self._app._handle_exception
        self._writer = value and Writer(
            cast(Any, self._file),
            self._next,
            self.line,
            failed=lambda error: self._app.call_later(failed, error),
        )
