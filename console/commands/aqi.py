"""``gridseat aqi``: the index of concentrations, one set from the command line or a CSV row by row."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from console.exit import Exit

if TYPE_CHECKING:
    from backend.standards.aqi import AqiResult
    from backend.words import Message
    from backend.words.say import Language

INPUTS = ("so2", "no2", "co", "o3", "o3_8h", "pm10", "pm25")
MISSING = ("", "NA", "—", "-")
"""What stands for a missing value: a blank, and the marks that the published tables use."""
UNMONITORED = "/"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BEIJING = timedelta(hours=8)

DESCRIPTION = """\
Compute the AQI by HJ 633. Concentrations are in µg/m³, CO in mg/m³; what is not given is missing, and / stands
for what is never measured. The 2026 edition holds from 2026-03-01; with an item missing it publishes an index
only above 100, and NA otherwise.
Real-time report: 1-h means (2012: also o3_8h; PM by the rolling 24-h mean, or the 1-h mean as CNEMC published).
Daily report: daily means and o3_8h, the day's largest 8-h mean (2012: also o3, the day's largest 1-h mean)."""


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = sub.add_parser(
        "aqi",
        help="compute the AQI of concentrations",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for name in INPUTS:
        unit = "mg/m³" if name == "co" else "µg/m³"
        spellings = {f"--{name}", f"--{name.replace('_', '-')}"}
        parser.add_argument(*sorted(spellings), dest=name, metavar="VALUE", help=f"concentration, {unit}")
    parser.add_argument(
        "--edition", choices=["2012", "2026"], help="edition of HJ 633; the date decides otherwise"
    )
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day the values are of (today)")
    parser.add_argument(
        "--report", choices=["realtime", "daily"], default="realtime", help="report (realtime)"
    )
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    parser.add_argument(
        "--csv", metavar="FILE", help="compute a CSV row by row (- reads standard input); CSV comes out"
    )
    parser.add_argument(
        "--column",
        action="append",
        metavar="NAME=HEADER",
        help="with --csv: the file's name of a column, as in co=co_mg",
    )
    parser.add_argument("--encoding", metavar="NAME", help="with --csv: the file's encoding (utf-8)")


def run(args: argparse.Namespace) -> int:
    """Compute and print; the exit code is `Exit`'s."""
    language = _language(args)
    on = _day(args.date)
    if on is None:
        return _refuse("aqi.usage.date", language, text=args.date)
    if args.csv is not None:
        return _run_csv(args, on, language)
    for option in ("column", "encoding"):
        if getattr(args, option) is not None:
            return _refuse("aqi.usage.only_csv", language, option=option)
    return _run_one(args, on, language)


def _language(args: argparse.Namespace) -> Language:
    from console.settings import Settings, SettingsError, load

    try:
        return load({"language": getattr(args, "language", None)}).speaks
    except SettingsError:
        # A broken settings file is told by the commands that need it; a sum does not.
        return Settings(language=getattr(args, "language", None) or "").speaks


def _day(text: str | None) -> date | None:
    if text is None:
        from backend.clock import SystemClock

        return (datetime.fromtimestamp(SystemClock().now(), UTC) + _BEIJING).date()
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _refuse(code: str, language: Language, **args: str | int) -> int:
    from backend.text import clean
    from backend.words import Message
    from console.output import tell

    safe = {key: clean(value) if isinstance(value, str) else value for key, value in args.items()}
    tell(Message(code, safe), language)
    return Exit.USAGE


def read_cell(text: str, parameter: str) -> Decimal | str | None:
    """A concentration, None where it is missing, ``/`` where it is never measured.

    Raises:
        NotANumber: for anything else.
    """
    from backend.standards.rounding import NotANumber, concentration

    text = text.strip()
    if text in MISSING:
        return None
    if text == UNMONITORED:
        return UNMONITORED
    bare = text.lstrip("+-").lower()
    if bare in ("nan", "inf", "infinity"):
        raise NotANumber("nan" if bare == "nan" else "infinite", text, parameter)
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        raise NotANumber("word", text, parameter)
    return concentration(Decimal(text), parameter)


def compute(
    cells: Mapping[str, Decimal | str | None], report: str, on: date, edition: str | None
) -> AqiResult:
    """The result for cells as `read_cell` gives them."""
    from backend.standards import aqi

    values = {name: cell for name, cell in cells.items() if isinstance(cell, Decimal)}
    never = [name for name, cell in cells.items() if cell == UNMONITORED]
    judge = aqi.daily if report == "daily" else aqi.realtime
    return judge(values, on, edition, unmonitored=never)


def unlikely(name: str, value: Decimal | str | None) -> dict[str, str] | None:
    """What to say of a value above what instruments measure; None for a likely one."""
    from backend.standards.ranges import range_of

    bounds = range_of(name)
    if not isinstance(value, Decimal) or bounds is None or bounds.fail_high is None:
        return None
    if value <= Decimal(str(bounds.fail_high)):
        return None
    return {"cell": str(value), "unit": bounds.unit, "high": f"{bounds.fail_high:g}"}


def beyond(result: AqiResult, name: str) -> dict[str, str]:
    """What to say of an item that the edition gives no sub-index."""
    from backend.standards.aqi import breakpoints
    from backend.words import word

    column = breakpoints(result.edition, name)
    top = Decimal(column.points[-1][1]).scaleb(-column.decimals)
    item = word(f"parameter.{name}", "en")
    return {"item": item, "top": str(top), "unit": column.unit, "standard": result.standard}


def _run_one(args: argparse.Namespace, on: date, language: Language) -> int:
    from backend.standards.rounding import NotANumber
    from backend.text import clean
    from backend.words import Message, word
    from console.output import tell

    given = {name: getattr(args, name) for name in INPUTS if getattr(args, name) is not None}
    if not given:
        return _refuse("aqi.usage.nothing", language)
    cells: dict[str, Decimal | str | None] = {}
    notes: list[Message] = []
    for name, text in given.items():
        where = word("aqi.where.option", language, option=name)
        try:
            cells[name] = read_cell(text, name)
        except NotANumber as fault:
            notes.append(Message(f"aqi.bad.{fault.why}", {"where": where, "cell": clean(text, limit=60)}))
            continue
        if odd := unlikely(name, cells[name]):
            notes.append(Message("aqi.unlikely", {"where": where, **odd}))
    for note in notes:
        tell(note, language)
    if len(cells) < len(given):
        return Exit.USAGE
    result = compute(cells, args.report, on, args.edition)
    for name in result.beyond:
        where = word("aqi.where.option", language, option=name)
        tell(Message("aqi.beyond", {"where": where, **beyond(result, name)}), language)
    if args.json:
        json.dump(as_json(result, on), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _print_one(result, cells, on, language)
    return Exit.OK


def as_json(result: AqiResult, on: date) -> dict[str, object]:
    """The result as the JSON object of ``--json``."""
    from backend.standards.aqi import sensitive_groups

    level = result.level
    return {
        "aqi": result.aqi,
        "level": None if level is None else level.number,
        "level_name": None if level is None else {"zh": level.name("zh"), "en": level.name("en")},
        "colour": None if level is None else level.hex,
        "primary": list(result.primary),
        "iaqi": dict(result.sub),
        "missing": list(result.missing),
        "unmonitored": list(result.unmonitored),
        "beyond": list(result.beyond),
        "computed": result.computed,
        "sensitive_groups": list(sensitive_groups(result)),
        "edition": result.edition,
        "standard": result.standard,
        "report": result.report,
        "date": on.isoformat(),
    }


def _print_one(
    result: AqiResult, cells: Mapping[str, Decimal | str | None], on: date, language: Language
) -> None:
    from backend.standards.aqi import edition_for, sensitive_groups
    from backend.words import word

    edition = edition_for(on, result.edition)
    comma = word("aqi.separator", language)

    def names(items: tuple[str, ...], stem: str = "parameter") -> str:
        return comma.join(word(f"{stem}.{item}", language) for item in items)

    if result.level is None:
        print(word("aqi.heading_na", language))
    else:
        told = {part: word(f"{result.level.code}.{part}", language) for part in ("roman", "colour")}
        name = result.level.name(language)
        print(word("aqi.heading", language, aqi=result.aqi, level=name, **told))
        if result.primary:
            print(word("aqi.primary", language, names=names(result.primary)))
        else:
            print(word("aqi.no_primary", language, above=edition.primary_above))
    report = word(f"standard.report.{result.report}", language)
    print(word("aqi.basis", language, standard=result.standard, report=report, date=on.isoformat()))
    print()
    _print_items(result, cells, language)
    groups = sensitive_groups(result)
    if result.aqi is not None and groups:
        print()
        print(word("aqi.groups", language, names=names(groups, "standard.group")))
    if result.computed is None:
        print()
        print(word("aqi.nothing", language))
    elif result.aqi is None:
        print()
        held = {"above": edition.publish_above, "computed": result.computed, "example": result.missing[0]}
        print(word("aqi.held_back", language, names=names(result.missing), standard=result.standard, **held))


def _print_items(result: AqiResult, cells: Mapping[str, Decimal | str | None], language: Language) -> None:
    from backend.standards.aqi import breakpoints, items
    from backend.text import fit, width
    from backend.words import word

    lines = [[word(f"aqi.column.{name}", language) for name in ("item", "value", "sub")]]
    for item in items(result.edition, result.report):
        cell, sub = cells.get(item.name), result.sub[item.name]
        unit = breakpoints(result.edition, item.reads[0][1]).unit
        shown = word("aqi.missing", language) if cell is None else str(cell)
        name = word(f"parameter.{item.name}", language)
        index = UNMONITORED if cell == UNMONITORED else "NA" if sub is None else str(sub)
        lines.append([name, f"{cell} {unit}" if isinstance(cell, Decimal) else shown, index])
    rooms = [max(width(line[column]) for line in lines) for column in range(3)]
    for line in lines:
        left = "  ".join(fit(cell, room) for cell, room in zip(line[:2], rooms[:2], strict=True))
        print(f"{left}  {fit(line[2], rooms[2], align='right')}")


def _run_csv(args: argparse.Namespace, on: date, language: Language) -> int:
    for name in INPUTS:
        if getattr(args, name) is not None:
            return _refuse("aqi.usage.both", language, option=name)
    if args.json:
        return _refuse("aqi.usage.both", language, option="json")
    from console.aqirows import Columns, compute_rows

    try:
        columns = Columns.parse(args.column or [])
    except ValueError as fault:
        return _refuse("aqi.usage.column", language, text=str(fault), names=", ".join(INPUTS))
    return compute_rows(
        args.csv,
        columns,
        report=args.report,
        on=on,
        edition=args.edition,
        encoding=args.encoding or "utf-8",
        language=language,
    )
