"""What stands around every screen: who sits here, what needs them, how the feeds are, which orders hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """The header's and the strips' content; made by the shell from the desk, every few seconds."""

    city: str = ""
    centre: str = ""
    person: str = ""
    role: str = ""
    """seat, supervisor, administrator, member."""
    replay: bool = False
    """The city is a replay: said plainly on every screen."""
    slowed: tuple[int, int] | None = None
    """How many times faster than real time a replay runs that this machine can't run as fast as was asked, and how many
    were asked."""
    feeds: str = "unknown"
    """ok, late, failing, off, unknown."""
    feeds_bad: int = 0
    """How many feeds are late or fail."""
    alarms: int = 0
    """Alarms that nobody has acknowledged."""
    critical: int = 0
    """Critical ones among them."""
    tasks: int = 0
    """Open tasks past a clock."""
    notices: int = 0
    """Notices not read yet."""
    missing: int = 0
    """Centres below where something urgent waits and nobody is at it."""
    on_shift: bool = False
    """Whether this person is signed in at a seat."""
    flood: bool = False
    """More alarms than a person can read (报警泛滥)."""
    orders: Sequence[str] = ()
    """Orders in force, each in one line."""
