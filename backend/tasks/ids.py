"""Task ids: centre, counter, check character, in ``[A-Z0-9-]`` (design, decision 1).

The check character is ISO/IEC 7064 MOD 37,36 (hybrid system, alphabet ``0-9A-Z``) over the centre and the counter
without the hyphens. It finds every single wrong character and nearly every exchange of two neighbours, which is what
happens to an id that is read out over the phone or keyed in from a paper task sheet.

``C371702-0042K``: centre ``C371702``, the 42nd task minted there, check character ``K``.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Connection, select, update

from backend.store import insert_ignore, table
from backend.tasks.tables import Counter

COUNTER = table(Counter)
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MODULUS: Final = len(ALPHABET)
SHAPE: Final = re.compile(r"([A-Z0-9]+(?:-[A-Z0-9]+)*)-([0-9]{4,})([A-Z0-9])")
NOT_ALLOWED: Final = re.compile(r"[^A-Z0-9-]+")


def check_character(text: str) -> str:
    """The ISO/IEC 7064 MOD 37,36 check character; hyphens don't count."""
    product = MODULUS
    for character in text.replace("-", ""):
        total = (product + ALPHABET.index(character)) % MODULUS or MODULUS
        product = total * 2 % (MODULUS + 1)
    return ALPHABET[(MODULUS + 1 - product) % MODULUS]


def compose(centre: str, number: int) -> str:
    """The id of a centre's task number ``number``."""
    prefix = NOT_ALLOWED.sub("", centre.upper()).strip("-")
    if not prefix:
        raise ValueError(f"no centre code: {centre!r}")
    stem = f"{prefix}-{number:04d}"
    return stem + check_character(stem)


def mint(connection: Connection, centre: str) -> str:
    """A new id at a centre, in the caller's write transaction. Works without any line: each centre counts its own."""
    name = f"task:{centre}"
    insert_ignore(connection, COUNTER, [{"name": name, "value": 0}])
    connection.execute(update(COUNTER).where(COUNTER.c.name == name).values(value=COUNTER.c.value + 1))
    number = connection.execute(select(COUNTER.c.value).where(COUNTER.c.name == name)).scalar_one()
    return compose(centre, number)


def validate(text: str) -> str | None:
    """The id as it is stored, from what somebody typed (any case, with blanks); None where the check fails."""
    wanted = "".join(text.split()).upper()
    match = SHAPE.fullmatch(wanted)
    if match is None or check_character(wanted[:-1]) != wanted[-1]:
        return None
    return wanted
