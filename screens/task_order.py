"""What a task's page says of a work order 运维工单: which instrument, how long it is down, suspected interference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from backend.words import entry
from screens.look import Look

if TYPE_CHECKING:
    from backend.desk.workorders import WorkOrderRow


class Fact(NamedTuple):
    """A line of the page's upper part."""

    label: str
    """The last part of its name's code: ``taskscreen.fact.<it>``."""
    text: str
    tone: str = ""
    note: str = ""


def facts(order: WorkOrderRow, look: Look) -> Iterator[Fact]:
    """The instrument with its fault and who keeps it, its down-time, and what is suspected."""
    parameter = entry(f"parameter.{order.parameter}", look.language) or order.parameter
    instrument = f"{order.station_name} {parameter}".strip() or look.word("taskscreen.instrument.unknown")
    fault = look.word(f"task.fault.{order.fault}")
    yield Fact("instrument", instrument, note=f"{fault}  {order.contractor_name}".rstrip())
    since, span = look.moment(order.down_since), look.span(order.down_seconds)
    if order.down_until is None:
        yield Fact("down", look.word("taskscreen.down", since=since, span=span), "bad")
    else:
        until = look.moment(order.down_until)
        yield Fact("down", look.word("taskscreen.down_over", since=since, until=until, span=span), "good")
    if order.interference:
        yield Fact("interference", look.word("taskscreen.interference"), "bad", order.interference_note)
