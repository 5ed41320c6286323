"""What every act needs: the task that is meant, a form, a question, and the way to the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from backend.words import Message, Outcome
from backend.words.message import Scalar
from screens.acting import plans
from screens.acting.whole import KINDS, Whole, read, refusal
from screens.action import Action, Danger
from screens.actions import action, key_name
from screens.clocks import by_hand
from screens.dialogs.form import Form, Plan
from screens.dialogs.menu import Menu
from screens.dialogs.pick import Pick
from screens.dialogs.sure import Sure
from screens.frame import GridScreen

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.taskside import Recallable

R = TypeVar("R")


class Fetching(GridScreen):
    """A screen whose keys open what has to be read first."""

    def fetch(self, read: Callable[[Desk], Any], then: Callable[[Any], None], name: str = "") -> None:
        """Read in a thread what comes next; keys that are struck meanwhile wait for it, and a form is this action's."""
        desk = self.shell.desk
        assert desk is not None
        let_go, doing = self.shell.hold(), self._doing

        def done(answer: Any) -> None:
            self._doing = doing
            then(answer)
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(lambda: read(desk), done, failed=failed, name=name or self.NAME)


class Acting(GridScreen):
    """What every act needs: the task, a form, a question, and the way to the desk."""

    # For a screen to fill in.

    def task_id(self) -> str:
        """The task that is meant; empty where there is none."""
        return ""

    def held(self) -> Whole | None:
        """The task where the screen has read it whole."""
        return None

    def acted(self, outcome: Outcome) -> None:
        """An act was answered: where it can be taken back, say so, with the key."""
        desk = self.shell.desk
        if desk is None or not outcome.ok or "op" not in outcome.data:
            return

        def recallable() -> Recallable | None:
            from backend.desk import taskside

            return taskside.recallable(desk)

        def told(recall: Recallable | None) -> None:
            if recall is None or not self.stands:
                return
            args: dict[str, Scalar] = {
                "done": self.look.say(outcome.message),
                "key": key_name(action("task.recall").keys[0], self.look.language),
                "seconds": by_hand(recall.until - self.shell.now(), self.shell),
            }
            self.shell.tell(Outcome(True, Message("taskscreen.done_recall", args)))

        self.shell.work(recallable, told, name="recallable")

    def refusal(self, act: str) -> Message | None:
        whole = self.held()
        return None if whole is None or act not in KINDS else refusal(whole, act)

    def title_of(self, what: Action) -> str:
        """The name of a key where the row makes it another act: what settles an arbitration verifies nothing."""
        whole = self.held() if what.id == "task.verify" else None
        return self.look.word("act.settle") if whole is not None and whole.arbitration else ""

    # What the flows use.

    def read(self, task: Callable[[], R], then: Callable[[R], None], name: str) -> None:
        """Read in a thread what a dialog needs; keys that are pressed meanwhile wait for the dialog."""
        let_go = self.shell.hold()

        def done(answer: R) -> None:
            then(answer)
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(task, done, failed=failed, name=name)

    def with_whole(self, then: Callable[[Whole], None]) -> None:
        """Go on with the task, read now where the screen does not have it."""
        held = self.held()
        if held is not None:
            then(held)
        elif task := self.task_id():
            self.with_task(task, then)

    def with_task(self, task: str, then: Callable[[Whole], None]) -> None:
        """Go on with a task as it stands now."""
        desk = self.shell.desk
        if desk is None:
            return

        def done(whole: Whole | None) -> None:
            if whole is None:
                self.shell.tell(Message("desk.no_task", {"task": task}))
            else:
                then(whole)

        self.read(lambda: read(desk, task), done, "task")

    def do(
        self,
        whole: Whole,
        kind: str,
        body: Mapping[str, Any] | None = None,
        *,
        behalf: str = "",
        occurred: int | None = None,
        slot: str = "",
        then: Callable[[], None] | None = None,
    ) -> None:
        """Send an act with what the person saw, and tell its outcome; a form's draft goes once it is done.

        ``then`` goes on with what the key was for; keys that are struck meanwhile wait for it.
        """
        op = uuid4().hex
        let_go = None if then is None else self.shell.hold()

        def command(desk: Desk) -> Outcome:
            from backend.desk import acts

            return acts.act(
                desk,
                whole.row.id,
                kind,
                body=body,
                on_behalf=behalf,
                seen_version=whole.row.version,
                seen_state=whole.row.state,
                op_id=op,
                occurred=occurred,
            )

        answered = self._answered_act(slot)

        def done(outcome: Outcome) -> None:
            answered(outcome)
            if then is not None and outcome.ok:
                then()
            if let_go is not None:
                let_go()

        self.act(command, done)

    def _answered_act(self, slot: str = "") -> Callable[[Outcome], None]:
        def then(outcome: Outcome) -> None:
            if outcome.ok and slot:
                self.shell.keep_draft(slot, None)
            self.acted(outcome)

        return then

    def fill_in(self, plan: Plan, then: Callable[[dict[str, str]], None]) -> None:
        """Have a form filled in; what was typed is kept until it is sent and taken."""
        self.shell.show(Form(plan), lambda values: None if values is None else then(values), by=self._doing)

    def armed(
        self, whole: Whole, kind: str, do: Callable[[], None], *, danger: Danger = Danger.ARMED
    ) -> None:
        """Ask before an act that can't be taken back; it is committed with another key."""
        question = Message("taskscreen.sure", {"act": kind, "task": whole.row.id})
        self.sure(Sure(question, plans.about(whole, self.look), danger=danger), do)

    def choose(self, menu: Menu | Pick, then: Callable[[str], None]) -> None:
        """Have one of a list chosen."""
        self.shell.show(menu, lambda key: then(key) if key else None)
