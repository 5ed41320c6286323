"""The page that says what each file and column of a pack is, made from the declaration that the check reads."""

from __future__ import annotations

from collections.abc import Sequence

from backend.city.formats import CITY_FIELDS, FEED_FIELDS, OTHER_FILES, SPECS, TABLES, Column
from backend.words import entry
from backend.words.say import Language


def documentation(words: Sequence[Language] = ("zh", "en")) -> list[tuple[str, str, str, bool, str, str]]:
    """The rows of the formats table: file, column, how it is written, required, refers to, what it means.

    Args:
        words: the languages in which the meaning is given, joined by " / ".
    """
    rows = []
    for spec in TABLES:
        for column in spec.columns:
            written = " ".join((column.kind, *_limits(column)))
            rows.append(
                (
                    f"{spec.name}.csv",
                    column.name,
                    written,
                    column.required,
                    ", ".join(column.refers),
                    meaning(spec.name, column.name, words),
                )
            )
    for file, fields in (("city.toml", CITY_FIELDS), ("feeds.toml", FEED_FIELDS)):
        for field in fields:
            subject = file.removesuffix(".toml")
            rows.append(
                (file, field.name, field.kind, field.required, "", meaning(subject, field.name, words))
            )
    return rows


def meaning(table: str, column: str, languages: Sequence[Language] = ("zh", "en")) -> str:
    """What a column or key means, in each language, joined by " / "."""
    said = []
    for language in languages:
        own = entry(f"pack.{table}.{column}", language)
        said.append(own or entry(f"pack.any.{column}", language) or "")
    return " / ".join(said)


def _limits(column: Column) -> list[str]:
    limits = []
    if column.choices:
        limits.append("(" + ", ".join(column.choices) + ")")
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f"{column.low:.12g}"
        high = "" if column.high is None else f"{column.high:.12g}"
        limits.append(f"{low}..{high}")
    if column.default:
        limits.append(f"[{column.default}]")
    return limits


def columns_page(language: Language = "zh", *, title: str = "") -> str:
    """A Markdown page with every file and column of a pack, made from the same declaration as the check."""
    required = "必填" if language == "zh" else "required"
    heads = (
        ("列", "写法", "", "引用", "含义") if language == "zh" else ("column", "written", "", "in", "meaning")
    )
    needed = {f"{name}.csv" for name, spec in SPECS.items() if spec.required}
    needed |= {name for name, must in OTHER_FILES if must}
    lines = [f"# {title}", ""] if title else []
    lines.append(entry("pack.page.intro", language) or "")
    tables: dict[str, list[str]] = {name: [] for name, _must in OTHER_FILES if name not in _KEYED}
    for file, column, written, must, refers, meant in documentation((language,)):
        cells = (f"`{column}`", written, required if must else "", refers, meant.replace("|", "\\|"))
        tables.setdefault(file, []).append("| " + " | ".join(cells) + " |")
    for file, rows in sorted(tables.items(), key=lambda item: _order(item[0])):
        mark = f" ({required})" if file in needed else ""
        said = entry(f"pack.file.{file.partition('.')[0]}", language) or ""
        lines += ["", f"## {file}{mark}", "", said]
        if rows:
            lines += ["", "| " + " | ".join(heads) + " |", "|---|---|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


_KEYED = ("city.toml", "feeds.toml")


def _order(file: str) -> int:
    """``city.toml`` first, the tables as declared, the other files after them."""
    names = ["city.toml", *(f"{spec.name}.csv" for spec in TABLES), *(name for name, _must in OTHER_FILES)]
    return names.index(file)
