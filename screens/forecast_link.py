"""From a station to its hours to come: one key, or the word why there are none."""

from __future__ import annotations

from backend.words import Message
from screens.frame import GridScreen


def open_forecast(screen: GridScreen, code: str) -> None:
    """Open a station's forecast; where there is none the person is told why."""
    desk = screen.shell.desk
    if desk is None:
        return

    def look() -> Message | None:
        from backend.desk import forecast

        return forecast.absent(desk, code)

    def done(why: Message | None) -> None:
        if why is None:
            screen.shell.open_page("forecast_station", code)
        else:
            screen.shell.tell(why)

    screen.shell.work(look, done, name="forecast of a station")
