"""`check_pack`: everything that is wrong with a pack, with file, line and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from backend.city.checks import grids, people, places, records
from backend.city.faults import Fault, Validator
from backend.city.pack import Pack, read_pack
from backend.city.references import check_references


def check_pack(folder: Path, validators: Sequence[Validator] = ()) -> list[Fault]:
    """Every fault of the pack in ``folder``, in the order of files and lines; none where it can be loaded.

    Args:
        validators: judges of what rooms further on understand: policy, rules, the options of feeds.
    """
    pack = read_pack(folder)
    judge(pack, validators)
    return pack.faults.by_place()


def judge(pack: Pack, validators: Sequence[Validator]) -> None:
    """Note in ``pack.faults`` what is wrong between the files of a pack that has been read."""
    if pack.faults and pack.faults[0].kind == "no_folder":
        return
    check_references(pack)
    grids.check(pack)
    places.check(pack)
    people.check(pack)
    records.check(pack)
    for validator in validators:
        for file, line, message in validator(pack):
            pack.faults.add_message(file, line, message)
