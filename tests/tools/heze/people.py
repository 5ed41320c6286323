"""Centres, people and the duty book. All made up but for the tree they stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.tools.heze import grids
from tests.tools.heze.grids import Place
from tests.tools.heze.names import People, initials, pinyin, written
from tests.tools.heze.write import Writer

Row = dict[str, Any]
SEATS = {1: 4, 2: 2, 3: 1}
SUPERVISORS = {1: 2, 2: 1, 3: 1}
DEPARTMENTS = 15
ROOM, NIGHT_ROOM = ("值班室", "duty room"), ("夜间值班室", "night duty room")
ROOM_OF_DEPARTMENT = ("值班室", "Duty room")
DAY, NIGHT = ("08:00", "20:00"), ("20:00", "08:00")


def write(city: Place, writer: Writer) -> None:
    """``centres.csv``, ``people.csv`` and ``duty.csv``."""
    posts = [place for place in grids.walk(city) if place.level <= 3]
    writer.table("centres", _centres(posts))
    people = list(_people(city, posts))
    writer.table("people", people, zipped=True)
    writer.table("duty", _duty(posts, people, writer), zipped=True)


def _line(number: int) -> str:
    # Heze's area code with an exchange that no network gives out.
    return f"0530-000{number:04d}"


def _centres(posts: list[Place]) -> Iterator[Row]:
    """Townships of one name are told apart by their counties: one reads these names without the tree beside them."""
    named, by_code = Counter(place.name for place in posts), {place.code: place for place in posts}
    for number, place in enumerate(posts, 1):
        county = by_code[place.parent] if named[place.name] > 1 else None
        yield _centre(place, number, (county.name, f"{county.short_en} ") if county is not None else ("", ""))


def _centre(place: Place, number: int, county: tuple[str, str]) -> Row:
    return {
        "code": place.centre,
        "grid": place.code,
        "tier": {1: "M", 2: "C", 3: "T"}[place.level],
        "name": f"{county[0]}{place.name}指挥中心",
        "name_en": f"{county[1]}{place.name_en} Command Centre",
        "phone": _line(number),
        "made_up": True,
    }


def _people(city: Place, posts: list[Place]) -> Iterator[Row]:
    random = Random("heze people")
    book = People(random)

    def person(code: str, role: str, grid: str, centre: str) -> Row:
        name = book.name()
        return {
            "code": code,
            "name": name,
            "name_en": written(name),
            "pinyin": pinyin(name),
            "initials": initials(name),
            "role": role,
            "grid": grid,
            "centre": centre,
            "phone": book.phone(),
            "active": True,
            "made_up": True,
        }

    for number in (1, 2):
        yield person(f"HZ-A{number}", "administrator", city.code, city.centre)
    for place in posts:
        for letter, role, count in (("V", "supervisor", SUPERVISORS), ("S", "seat", SEATS)):
            for number in range(1, count[place.level] + 1):
                yield person(f"{place.centre}-{letter}{number}", role, place.code, place.centre)
    for town in (place for place in posts if place.level == 3):
        for number, grid in enumerate(town.children, 1):
            yield person(f"{town.centre}-M{number:02d}", "member", grid.code, town.centre)


def _duty(posts: list[Place], people: list[Row], writer: Writer) -> Iterator[Row]:
    """Duty rooms of centres day and night, of departments day and night, members by day.

    Every fifth member also has the early hours of weekdays; at night the duty room of the township answers.
    """
    random = Random("heze duty")
    for number, place in enumerate(posts, 1):
        for start, end in (DAY, NIGHT):
            said, said_en = ROOM if (start, end) == DAY else NIGHT_ROOM
            names = f"{place.short}{said}", f"{place.name_en} {said_en}"
            yield _entry("centre", place.centre, "1111111", start, end, names, _line(number))
    for number, code in enumerate(_departments(writer), 1):
        for start, end in (("08:30", "17:30"), ("17:30", "08:30")):
            yield _entry(
                "department", code, "1111111", start, end, ROOM_OF_DEPARTMENT, f"0530-000{9000 + number}"
            )
    for row in people:
        if row["role"] != "member":
            continue
        off = random.randrange(7)
        days = "".join("0" if day == off else "1" for day in range(7))
        names = row["name"], row["name_en"]
        yield _entry("member", row["code"], days, "07:00", "19:00", names, row["phone"])
        if random.random() < 0.2:
            yield _entry("member", row["code"], "1111100", "05:00", "07:00", names, row["phone"])


def _departments(writer: Writer) -> list[str]:
    lines = (writer.folder / "departments.csv").read_text("utf-8").splitlines()[1:]
    codes = [line.split(",")[0] for line in lines]
    if len(codes) != DEPARTMENTS:
        raise ValueError(f"{len(codes)} departments instead of {DEPARTMENTS}")
    return codes


def _entry(kind: str, body: str, days: str, start: str, end: str, names: tuple[str, str], phone: str) -> Row:
    return {
        "body_kind": kind,
        "body": body,
        "days": days,
        "start": start,
        "end": end,
        "name": names[0],
        "name_en": names[1],
        "phone": phone,
        "made_up": True,
    }
