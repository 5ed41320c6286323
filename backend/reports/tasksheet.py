"""The task sheet 任务单: one printed page of a task, and the code under which it is keyed back in.

A sheet's code is the task's number, the sheet's own, and an ISO/IEC 7064 MOD 37,36 check character over both: a code
that is read or typed wrong is found out before anything is entered under it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from backend.reports.tables import TaskSheet
from backend.store import table
from backend.tasks.ids import check_character
from backend.tasks.tables import Act
from backend.text import width

SHEET, ACT = table(TaskSheet), table(Act)
COLUMNS, LINES = 80, 64
"""An A4 page of plain text, ten characters to the inch."""
SHAPE: Final = re.compile(r"([A-Z0-9]+(?:-[A-Z0-9]+)*)-([0-9]{2,4})([A-Z0-9])")


def compose(task: str, number: int) -> str:
    """The code of a task's sheet."""
    stem = f"{task}-{number:02d}"
    return stem + check_character(stem)


def validate(text: str) -> str | None:
    """A code as it is stored, from what somebody typed; None where it is no code or its check fails."""
    wanted = "".join(text.split()).upper()
    match = SHAPE.fullmatch(wanted)
    if match is None or check_character(wanted[:-1]) != wanted[-1]:
        return None
    return wanted


def next_code(connection: Connection, task: str) -> tuple[str, int]:
    """The code and number of a task's next sheet."""
    query = select(func.coalesce(func.max(SHEET.c.number), 0)).where(SHEET.c.task == task)
    number = int(connection.execute(query).scalar_one()) + 1
    return compose(task, number), number


def keep(
    connection: Connection, code: str, task: str, number: int, *, by: str, version: int, text: str, now: int
) -> None:
    """Note that a sheet was printed, and what it said."""
    connection.execute(
        insert(SHEET).values(
            code=code,
            task=task,
            number=number,
            printed=now,
            printed_by=by,
            task_version=version,
            text=text,
            entered_by="",
            op="",
        )
    )


def find(connection: Connection, code: str, *, lock: bool = False) -> Any:
    """A sheet that was printed; None where there is none."""
    query = select(SHEET).where(SHEET.c.code == code)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def holder_then(connection: Connection, task: str, version: int) -> str:
    """Who held a task at a version of it: whoever a sheet was printed for; empty where nobody did."""
    query = select(ACT.c.args).where(ACT.c.task == task, ACT.c.result == "applied", ACT.c.version <= version)
    for text in connection.execute(query.order_by(ACT.c.version.desc(), ACT.c.id.desc())).scalars():
        told = json.loads(text)
        if "holder" in told:
            return str(told["holder"])
    return ""


def of_task(connection: Connection, task: str) -> Sequence[Any]:
    """The sheets of a task, in their order."""
    return connection.execute(select(SHEET).where(SHEET.c.task == task).order_by(SHEET.c.number)).all()


def entered(connection: Connection, code: str, *, by: str, op: str, now: int) -> None:
    """Note that a sheet was keyed in, by which act."""
    connection.execute(
        update(SHEET)
        .where(SHEET.c.code == code, SHEET.c.entered.is_(None))
        .values(entered=now, entered_by=by, op=op)
    )


def boxes(names: Iterable[str], cells: int = COLUMNS - 4) -> list[str]:
    """Names with a box to tick before each, as many to a line as fit."""
    lines: list[str] = []
    line = ""
    for name in names:
        box = f"[ ] {name}"
        if line and width(line) + 3 + width(box) > cells:
            lines.append(line)
            line = box
        else:
            line = f"{line}   {box}" if line else box
    return [*lines, line] if line else lines


def page(text: str) -> str:
    """The text as one page: no line wider than the paper, and no more lines than it has.

    What does not fit is cut at the end of the part that may be long, never the head or the foot: the caller keeps
    those parts short.
    """
    lines = [part for line in text.splitlines() for part in wrapped(line)]
    return "\n".join(lines[:LINES]) + "\n"


def wrapped(line: str, cells: int = COLUMNS) -> list[str]:
    """A line in as many as it takes, each further one under the beginning of its words."""
    if width(line) <= cells:
        return [line.rstrip()]
    indent = " " * (len(line) - len(line.lstrip(" ")))
    found, current = [], indent
    for character in line.strip():
        if width(current) + width(character) > cells:
            head, space, tail = current.rpartition(" ")
            if space and head.strip() and character.isascii() and not character.isspace() and tail.isascii():
                found.append(head)
                current = f"{indent}  {tail}"
            else:
                found.append(current.rstrip())
                current = f"{indent}  "
        current += character
    return [*found, current.rstrip()]
