"""Reply to a complaint and call back 回复、回访, from the list or from its own page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.words import Message, Outcome
from screens.acting import plans
from screens.acting.intake import LONGEST_TEXT, TYPED, short
from screens.dialogs.form import Field, Plan
from screens.frame import GridScreen

if TYPE_CHECKING:
    from backend.desk.complaints import ComplaintRow
    from backend.desk.desk import Desk

REPLIES = ("rectified", "in_hand", "no_problem", "not_found", "not_ours")
CALLS = ("satisfied", "not_satisfied", "not_reached")


class ComplaintActs(GridScreen):
    """A screen on which a complaint is selected."""

    @property
    def complaint(self) -> ComplaintRow | None:
        """The complaint that is meant."""
        return None

    def refusal(self, act: str) -> Message | None:
        row = self.complaint
        if row is None or act not in ("reply", "call_back"):
            return super().refusal(act)
        if act == "reply" and row.replied is not None:
            return Message("complaint.refused.replied", {"number": row.number, "at": row.replied})
        if act == "call_back" and row.replied is None:
            return Message("complaint.refused.not_replied", {"number": row.number})
        if act == "call_back" and row.called_back is not None:
            return Message("complaint.refused.called", {"number": row.number, "at": row.called_back})
        return None

    def do_complaint_reply(self) -> None:
        """What the caller was told."""
        self._fill_in("reply", REPLIES, required=True)

    def do_complaint_call_back(self) -> None:
        """What the caller said when called back."""
        self._fill_in("call_back", CALLS, required=False)

    def _fill_in(self, act: str, codes: tuple[str, ...], *, required: bool) -> None:
        row, look = self.complaint, self.look
        if row is None:
            return
        words = "complaint.reply" if act == "reply" else "complaint.call"
        text = Field(
            "text",
            f"complaintscreen.field.{act}",
            required=required,
            hint=f"complaintscreen.hint.{act}",
            longest=TYPED,
            check=short(LONGEST_TEXT),
        )
        about = (
            Message("complaintscreen.about", {"number": row.number, "place": row.place, "text": row.text}),
        )
        plan = Plan(
            Message(f"complaintscreen.{act}"),
            [plans.coded("result", "complaintscreen.field.result", codes, words, look), text],
            about,
            f"complaint:{row.id}:{act}",
        )
        number = row.id

        def send(desk: Desk, values: dict[str, Any]) -> Outcome:
            from backend.desk import complaints

            return (complaints.reply if act == "reply" else complaints.call_back)(desk, number, **values)

        self.ask(plan, send)
