"""A bare Textual table of 1,200 rows and 12 columns: what the terminal's benches hold the console against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header

ROWS, COLUMNS = 1200, 12


class Bare(App[None]):
    """Nothing but the framework's own."""

    TITLE = "stations"

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("station", "name", *(f"p{number}" for number in range(COLUMNS - 2)))
        for row in range(ROWS):
            values = (str((row * 37 + number * 11) % 400) for number in range(COLUMNS - 2))
            table.add_row(f"HZ-{row:05d}", f"station {row}", *values)
        table.focus()


if __name__ == "__main__":
    Bare().run()
