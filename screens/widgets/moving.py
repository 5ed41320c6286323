"""The keys for moving about, the same on boards and on pages."""

from __future__ import annotations

FAR = 1 << 40
"""More lines than anything has."""


class Moving:
    """Something with lines that one goes up and down in."""

    def move_by(self, lines: int) -> None:
        """Go ``lines`` down, or up where they are less than none; the ends hold."""
        raise NotImplementedError

    def page_lines(self) -> int:
        """Lines that are shown at once."""
        raise NotImplementedError

    def do_move_down(self) -> None:
        self.move_by(1)

    def do_move_up(self) -> None:
        self.move_by(-1)

    def do_move_page_down(self) -> None:
        self.move_by(max(1, self.page_lines() - 1))

    def do_move_page_up(self) -> None:
        self.move_by(-max(1, self.page_lines() - 1))

    def do_move_half_down(self) -> None:
        self.move_by(max(1, self.page_lines() // 2))

    def do_move_half_up(self) -> None:
        self.move_by(-max(1, self.page_lines() // 2))

    def do_move_first(self) -> None:
        self.move_by(-FAR)

    def do_move_last(self) -> None:
        self.move_by(FAR)

    do_read_down, do_read_up = do_move_down, do_move_up
    do_read_page_down, do_read_page_up = do_move_page_down, do_move_page_up
