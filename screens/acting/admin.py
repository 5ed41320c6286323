"""What an administrator does: the forms for people, policies, keys and channels, and the way to the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from backend.words import Message, Outcome
from screens.acting.when import ahead, future
from screens.action import Danger
from screens.dialogs.form import Field, Plan
from screens.dialogs.menu import Menu
from screens.dialogs.sure import Sure
from screens.frame import GridScreen
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.channels import ChannelRow
    from backend.desk.desk import Desk
    from backend.desk.machinekeys import KeyRow
    from backend.desk.policies import Version
    from backend.desk.staff import Body, StaffRow

ROLES = ("seat", "supervisor", "administrator", "member")
PRIORITIES = ("critical", "high", "medium", "low")
Bodies = Mapping[str, "list[Body]"]


class AdminActs(GridScreen):
    """The acts of an administrator, for a screen that says which row is meant."""

    def changed_here(self, outcome: Outcome) -> None:
        """An act was answered."""

    def _read(self, task: Callable[[Desk], Any], then: Callable[[Any], None]) -> None:
        """Read in a thread what a form needs; keys that are pressed meanwhile wait for the form."""
        desk, let_go = self.shell.desk, self.shell.hold()
        if desk is None:
            let_go()
            return

        def done(answer: Any) -> None:
            then(answer)
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(lambda: task(desk), done, failed=failed, name="form")

    # People.

    def person_form(self, row: StaffRow | None) -> None:
        """Enter a new person, or change the one under the cursor."""

        def opened(found: tuple[Bodies, Mapping[str, str]]) -> None:
            plan = _person(row, *found, look=self.look)
            self.ask(plan, partial(_put_person, code=row.code if row else ""), self.changed_here)

        self._read(partial(_of_person, row=row), opened)

    def person_switch(self, row: StaffRow) -> None:
        """Take somebody off the books, or put them back."""
        code = "admin.sure.off" if row.active else "admin.sure.on"
        about = [
            Message("admin.about.person", {"role": row.told.role, "grid": row.grid_name, "person": row.code})
        ]
        do = partial(_switch_person, code=row.code, on=not row.active)
        self.sure(Sure(Message(code, {"name": row.called}), about), lambda: self.act(do, self.changed_here))

    # Policies.

    def policy_form(self, rows: list[Version], row: Version | None) -> None:
        """Put a version that there is in force anew, from an instant on."""
        look = self.look
        choices = [
            Choice(str(one.version), look.word("admin.policy.version", version=one.version), one.note)
            for one in rows
        ]
        fields = [
            Field("version", "admin.field.version", str(row.version) if row else "", choices=choices),
            Field("from", "admin.field.from", hint="admin.hint.from", check=future(look)),
            Field("note", "admin.field.note", required=False, longest=200),
        ]
        plan = Plan(Message("admin.form.policy"), fields, [Message("admin.about.policy")], "admin:policy")

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            return _put_policy(desk, int(values["version"]), ahead(values["from"], look) or 0, values["note"])

        self.ask(plan, send, self.changed_here)

    # Keys.

    def key_form(self) -> None:
        """Mint a key; it is shown once, in a box, and kept nowhere."""

        def opened(scopes: list[tuple[str, str]]) -> None:
            fields = [
                Field("scope", "admin.field.scope", choices=[Choice(one, one, name) for one, name in scopes]),
                Field("note", "admin.field.note", hint="admin.hint.key", longest=80),
            ]
            self.ask(Plan(Message("admin.form.key"), fields), _mint, self._minted)

        self._read(_scopes, opened)

    def _minted(self, outcome: Outcome) -> None:
        key = str(outcome.data.get("key", ""))
        if not outcome.ok or not key:
            return
        choices = [
            Choice("copy", self.look.word("admin.key.copy")),
            Choice("noted", self.look.word("admin.key.noted")),
        ]
        menu = Menu(
            Message("admin.key.once"), choices, about=[Message("admin.key.is", {"key": key})],
            warning=Message("admin.key.warning"),
        )  # fmt: skip

        def chosen(what: str | None) -> None:
            if what == "copy":
                self.shell.copy(key)
                self.shell.tell(Message("ui.copied", {"count": 1}))
            self.changed_here(outcome)

        self.shell.show(menu, chosen)

    def key_revoke(self, row: KeyRow) -> None:
        """End a key; nothing brings it back."""
        about = [Message("admin.about.key", {"id": row.id, "scope": row.scope, "note": row.note})]
        question = Sure(Message("admin.sure.revoke", {"id": row.id}), about, danger=Danger.GRAVE)
        self.sure(question, lambda: self.act(partial(_revoke, name=row.id), self.changed_here))

    # Channels.

    def channel_form(self) -> None:
        """Add a webhook; a command is added on the machine itself."""

        def opened(grids: Mapping[str, str]) -> None:
            self.ask(_channel(grids, self.look), _put_channel, self.changed_here)

        self._read(_grids, opened)

    def channel_switch(self, row: ChannelRow) -> None:
        """Switch a channel on or off."""
        do = partial(_switch_channel, code=row.spec.code, on=not row.enabled)
        code = "admin.sure.channel_off" if row.enabled else "admin.sure.channel_on"
        about = [Message("admin.about.channel", {"code": row.spec.code, "target": row.spec.target})]
        self.sure(
            Sure(Message(code, {"code": row.spec.code}), about), lambda: self.act(do, self.changed_here)
        )

    def channel_remove(self, row: ChannelRow) -> None:
        """Take a channel away; what waits for it is dropped."""
        waiting = row.counts.get("waiting", 0)
        about = [Message("admin.about.remove", {"target": row.spec.target, "waiting": waiting})]
        question = Sure(Message("admin.sure.remove", {"code": row.spec.code}), about, danger=Danger.GRAVE)
        self.sure(question, lambda: self.act(partial(_remove, code=row.spec.code), self.changed_here))

    def channel_trial(self, row: ChannelRow) -> None:
        """Send a trial notice and tell how it went."""
        self.tell(Message("admin.trying", {"code": row.spec.code}))
        self.act(partial(_trial, code=row.spec.code), self.changed_here)


# What is asked of the desk; each imports it when it is called, in a thread.


def _of_person(desk: Desk, row: StaffRow | None) -> tuple[Bodies, Mapping[str, str]]:
    from backend.desk import staff

    return staff.bodies(desk), staff.blank(desk, row)


def _person(row: StaffRow | None, bodies: Bodies, blank: Mapping[str, str], *, look: Look) -> Plan:
    def choices(kind: str, *, none: bool = False) -> list[Choice]:
        found = [Choice(one.code, one.name, one.code, one.search) for one in bodies[kind]]
        return [Choice("-", look.word("admin.none")), *found] if none else found

    roles = [Choice(role, look.word(f"ui.role.{role}"), search=role) for role in ROLES]
    fields = [
        Field("name", "admin.field.name", blank.get("name", ""), longest=40),
        Field("role", "admin.field.role", blank.get("role", ""), choices=roles),
        Field("grid", "admin.field.grid", blank.get("grid", ""), choices=choices("grids")),
        Field("centre", "admin.field.centre", blank.get("centre", "") or "-", choices=choices("centres", none=True)),
        Field(
            "department", "admin.field.department", blank.get("department", "") or "-",
            choices=choices("departments", none=True),
        ),
        Field("phone", "admin.field.phone", blank.get("phone", ""), required=False, longest=20),
        Field("initials", "admin.field.initials", blank.get("initials", ""), required=False, longest=20,
              hint="admin.hint.initials"),
    ]  # fmt: skip
    if row is None:
        fields.insert(0, Field("code", "admin.field.code", hint="admin.hint.code", longest=40))
        return Plan(Message("admin.form.person"), fields, slot="admin:person")
    title = Message("admin.form.change", {"name": row.called, "person": row.code})
    return Plan(title, fields, slot=f"admin:person:{row.code}")


def _put_person(desk: Desk, values: Mapping[str, str], code: str) -> Outcome:
    from backend.desk import staff

    told = staff.Told(**{name: "" if values[name] == "-" else values[name] for name in staff.TOLD})
    return staff.change(desk, code, told) if code else staff.add(desk, values["code"], told)


def _switch_person(desk: Desk, code: str, *, on: bool) -> Outcome:
    from backend.desk import staff

    return staff.switch(desk, code, on=on)


def _put_policy(desk: Desk, version: int, at: int, note: str) -> Outcome:
    from backend.desk import policies

    text = policies.text_of(desk, version)
    if text is None:
        return Outcome.refused("admin.refused.version", version=version)
    return policies.add(desk, text, at, note)


def _scopes(desk: Desk) -> list[tuple[str, str]]:
    from backend.desk import machinekeys

    return machinekeys.scopes(desk)


def _mint(desk: Desk, values: Mapping[str, str]) -> Outcome:
    from backend.desk import machinekeys

    return machinekeys.mint(desk, values["scope"], values["note"])


def _revoke(desk: Desk, name: str) -> Outcome:
    from backend.desk import machinekeys

    return machinekeys.revoke(desk, name)


def _grids(desk: Desk) -> Mapping[str, str]:
    from backend.desk import channels

    return channels.grid_names(desk)


def _channel(grids: Mapping[str, str], look: Look) -> Plan:
    priorities = [Choice(one, look.word(f"task.priority.{one}"), search=one) for one in PRIORITIES]
    fields = [
        Field("code", "admin.field.channel", hint="admin.hint.channel", longest=32),
        Field("url", "admin.field.url", hint="admin.hint.url", longest=400),
        Field("grid", "admin.field.grid", choices=[Choice(code, name, code) for code, name in grids.items()]),
        Field("priority", "admin.field.priority", "high", choices=priorities),
        Field("secret", "admin.field.secret", required=False, hint="admin.hint.secret", longest=64),
    ]
    return Plan(Message("admin.form.channel"), fields, [Message("channel.refused.machine")], "admin:channel")


def _put_channel(desk: Desk, values: Mapping[str, str]) -> Outcome:
    from backend.desk import channels

    spec = channels.Spec(
        values["code"], "webhook", values["grid"], values["priority"], url=values["url"], secret=values["secret"],
    )  # fmt: skip
    return channels.add(desk, spec)


def _switch_channel(desk: Desk, code: str, *, on: bool) -> Outcome:
    from backend.desk import channels

    return channels.switch(desk, code, on=on)


def _remove(desk: Desk, code: str) -> Outcome:
    from backend.desk import channels

    return channels.remove(desk, code)


def _trial(desk: Desk, code: str) -> Outcome:
    from backend.desk import channels

    return channels.trial(desk, code)
