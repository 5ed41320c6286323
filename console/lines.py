"""The line to the person's terminal, as the program minds it: slow lines get the mode for them, and are told how slow.

Lite mode is worn when it was asked for (``--lite``), or once the line was measured to be slow
(`console.terminal.line.Line.slow`), unless somebody has said no to it (``--no-lite``, ``:lite``). It is not taken off
by itself: a line that was slow once is on the same road, and every change sends the whole screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.words import Message
from console.ticking import Ticking
from screens.frame import GridScreen
from screens.widgets.footer import Footer

if TYPE_CHECKING:
    from console.terminal.paced import PacedDriver

PAUSE = 1 / 15
"""Seconds between two frames in lite mode."""
TELL_EVERY = 10
"""Ticks between two words of how fast the line is: five seconds."""
LEAST = 100
"""Bytes a second below which the line is told to be at rest: to tell it costs some itself."""
LATE = 0.5
"""Seconds behind from which on it is told."""


def near(one: float, other: float) -> bool:
    """Whether two figures differ so little that telling the newer one is not worth its bytes."""
    return one == other == 0 or 0.5 < one / (other or 1e-9) < 2


class Lines(Ticking, inherit_bindings=False):
    """The program that minds its line."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._may_change = self.options.lite is None
        self._untold = TELL_EVERY
        """Ticks since the traffic was told."""
        self._said = (0.0, 0.0)
        self._why: Message | None = None
        """Why lite mode came, until it is told."""

    @property
    def paced(self) -> PacedDriver | None:
        """The driver, where it is ours."""
        # By what it has: where a seam is gone its module can't be imported.
        driver: Any = self._driver
        return driver if hasattr(driver, "measured") else None

    def _tick(self) -> None:
        super()._tick()
        driver = self.paced
        if driver is None:
            return
        driver.measured.pause = PAUSE if self.lite else 0.0
        # Nothing is sent for this, so it needs no more than one telling time. A line of which nothing is known is
        # spared, but keeps its colours.
        slow = driver.measured.slow
        self.slow = self.slow or slow or driver.measured.unknown
        if self._may_change and slow:
            self._may_change = False
            self.go_lite(True)
            self._why = Message("line.slow", {"rate": round(driver.measured.speed * 8 / 1000)})
        elif self._why is not None and driver.measured.behind < LATE:
            # Told once the screen has come that it is about: on a slow line it would be over before it is read.
            self.tell(self._why)
            self._why = None
        if self.lite:
            self._tell_traffic(driver)

    def go_lite(self, on: bool) -> None:
        """Wear the mode for slow lines, or take it off."""
        if on == self.lite:
            return
        self.lite, self._look, self.traffic = on, None, ""
        self.dress_up()
        self.call_after_refresh(self._relook)

    def dress_up(self) -> None:
        """Put on what the terminal, the person and the line want."""
        asked = self.options.theme
        self.wear("sixteen" if self.lite and asked != "mono" else asked, self.options.background)

    def _tell_traffic(self, driver: PacedDriver) -> None:
        """Bytes a second and how far behind, now and then and only where it differs."""
        self._untold += 1
        if self._untold < TELL_EVERY:
            return
        line = driver.measured
        flow, behind = line.flow, line.behind
        told = (flow if flow >= LEAST else 0.0, behind if behind >= LATE else 0.0)
        if self.traffic and all(near(*pair) for pair in zip(told, self._said, strict=True)):
            return
        # Always as many cells: what stands beside it stays where it is.
        text = self.look.word("line.traffic", flow=f"{told[0] / 1000:4.1f}", seconds=f"{told[1]:2.0f}")
        self._said = told
        if text != self.traffic:
            self.traffic, self._untold = text, 0
            if isinstance(screen := self.screen, GridScreen):
                for footer in screen.query(Footer):
                    footer.relook()

    # What a person does with it.

    def do_app_lite(self) -> None:
        """The mode for slow lines, on or off."""
        self._may_change, self._why = False, None
        self.go_lite(not self.lite)
        self.tell(Message("line.lite_on" if self.lite else "line.lite_off"))

    def do_app_mouse(self) -> None:
        """The mouse, on or off."""
        if (driver := self.paced) is None:
            self.tell(Message("line.mouse_stock"))
            return
        driver.mouse = not driver.mouse
        self.tell(Message("line.mouse_on" if driver.mouse else "line.mouse_off"))
