"""Plan and end a maintenance window 维护窗口 by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens.acting.when import ahead, future, readable
from screens.dialogs.form import Field, Plan
from screens.dialogs.sure import Sure
from screens.frame import GridScreen
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow
    from backend.desk.desk import Desk
    from backend.desk.putaway import WindowRow, WindowScope

NOW = "0h"
"""What stands as the start at first: from now on."""
HOURS = "4h"


class WindowActs(GridScreen):
    """A screen on which a maintenance window can be planned, or one is selected."""

    @property
    def alarm(self) -> AlarmRow | None:
        """The alarm whose station a window is likely to be planned for."""
        return None

    @property
    def window(self) -> WindowRow | None:
        """The window that is selected."""
        return None

    def refusal(self, act: str) -> Message | None:
        if act == "plan":
            desk = self.shell.desk
            if desk is None:
                return Message("ui.off.opening")
            from backend.desk import putaway

            return putaway.refusal(desk, None)
        if act == "end":
            row, desk = self.window, self.shell.desk
            if row is None or desk is None:
                return Message("alarmscreen.off.window")
            from backend.desk import putaway

            return putaway.refusal(desk, row)
        return super().refusal(act)

    def do_window_plan(self) -> None:
        """Ask what is worked on, from when to when, and why."""
        desk, row, doing = self.shell.desk, self.alarm, self._doing
        if desk is None:
            return
        station, feed = (row.station, row.feed) if row is not None else ("", "")
        let_go = self.shell.hold()

        def read() -> tuple[Message | None, Sequence[WindowScope], int]:
            from backend.desk import putaway

            return (
                putaway.refusal(desk, None),
                putaway.scopes(desk, station=station, feed=feed),
                putaway.longest(desk),
            )

        def opened(found: tuple[Message | None, Sequence[WindowScope], int]) -> None:
            why, scopes, longest = found
            if why is not None:
                self.shell.tell(why)
            else:
                self._doing = doing
                self.ask(_plan(scopes, longest, self.look), partial(_send, look=self.look))
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(read, opened, failed=failed, name="window")

    def do_window_end(self) -> None:
        """End it before its time, or call it off: its alarms ring again."""
        row = self.window
        if row is None:
            return
        about = Message("alarmscreen.window.about", {"name": row.name, "count": row.recorded})
        question = Sure(Message("alarmscreen.window.sure", {"window": row.id}), [about])
        self.sure(question, lambda: self.act(partial(_end, window=row.id)))


def _plan(scopes: Sequence[WindowScope], longest: int, look: Look) -> Plan:
    choices = [
        Choice(one.key, f"{look.word(f'alarmscreen.window.{one.kind}')} {one.name}", one.code, one.code)
        for one in scopes
    ]
    fields = [
        Field("scope", "alarmscreen.window.scope", choices[0].key if choices else "", choices=choices),
        Field("starts", "alarmscreen.window.starts", NOW, longest=20, check=readable(look)),
        Field("ends", "alarmscreen.window.ends", HOURS, longest=20, check=future(look)),
        Field("reason", "alarmscreen.window.reason", longest=120),
    ]
    about = [Message("alarmscreen.window.limit", {"hours": longest})]
    return Plan(Message("alarmscreen.window.plan"), fields, about, slot="window.plan")


def _send(desk: Desk, values: dict[str, str], look: Look) -> Outcome:
    from backend.desk import putaway

    kind, _, code = values["scope"].partition(":")
    starts, ends = ahead(values["starts"], look), ahead(values["ends"], look)
    assert starts is not None
    assert ends is not None
    return putaway.plan(desk, scope_kind=kind, scope=code, starts=starts, ends=ends, reason=values["reason"])


def _end(desk: Desk, window: int) -> Outcome:
    from backend.desk import putaway

    return putaway.end(desk, window)
