"""A pack as read from its folder: tables, settings, outlines, texts, and every fault met in reading."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from backend.city.datum import to_wgs84
from backend.city.faults import Faults
from backend.city.files import other_file, read_templates, read_text, table_files, template_files
from backend.city.formats import OTHER_FILES, SPECS, TABLES
from backend.city.rows import TableRows, read_table
from backend.city.settings import CitySettings, FeedSettings, read_city, read_feeds, read_toml
from backend.city.shapes import Outline, read_shapes
from backend.words.machine import reason

DEFAULTS = Path(__file__).parent / "data"


@dataclass(slots=True)
class Pack:
    """Everything a folder holds. What can't be read is absent and stands in ``faults``."""

    folder: Path
    city: CitySettings
    tables: dict[str, TableRows]
    feeds: list[FeedSettings]
    outlines: list[Outline]
    texts: dict[str, str]
    """The TOML files but the city's own by name, and templates as ``template:<file>``, where the pack has them."""
    faults: Faults = field(default_factory=Faults)

    def rows(self, table: str) -> TableRows:
        """A table's rows, none where the pack has no such file."""
        return self.tables.get(table) or TableRows(SPECS[table])


def read_pack(folder: Path) -> Pack:
    """Read a pack's folder. Only a folder that isn't there, or can't be read, stops the reading."""
    faults = Faults()
    try:
        if not folder.is_dir():
            faults.add(str(folder), 0, "no_folder")
        else:
            next(folder.iterdir(), None)
    except OSError as error:
        faults.add(str(folder), 0, "unreadable", error=reason(error))
    if faults:
        return Pack(folder, CitySettings(), {}, [], [], {}, faults)
    files = table_files(folder, faults)
    for name, required in OTHER_FILES:
        if required and other_file(folder, name) is None:
            faults.add(name, 0, "missing_file")
    tables = {}
    for spec in TABLES:
        if spec.name in files:
            tables[spec.name] = read_table(spec, files[spec.name], faults)
        elif spec.required:
            faults.add(f"{spec.name}.csv", 0, "missing_file")
    tables["parameters"] = _with_standard_parameters(tables.get("parameters"), faults)
    city = read_city(folder, faults)
    texts: dict[str, str] = {}
    feeds: list[FeedSettings] = []
    for name in ("policy", "canned", "scores", "daily", "rules", "feeds"):
        found = read_toml(folder, f"{name}.toml", faults)
        if found is not None:
            texts[name] = found[1]
            if name == "feeds":
                feeds = read_feeds(*found, faults)
    texts.update(read_templates(folder, faults))
    outlines = read_shapes(folder, city.surroundings, city.datum, faults)
    if city.datum == "GCJ-02":
        _convert(tables.values())
    return Pack(folder, city, tables, feeds, outlines, texts, faults)


def _convert(tables: Iterable[TableRows]) -> None:
    """Positions of GCJ-02 as WGS-84, so that nobody further on need ask what a pack's are given in."""
    for table in tables:
        for row in table.rows:
            if row.get("lon") is not None and row.get("lat") is not None:
                row["lon"], row["lat"] = to_wgs84(row["lon"], row["lat"])


def _with_standard_parameters(own: TableRows | None, faults: Faults) -> TableRows:
    """The product's parameters in their lasting order, the pack's own in their place or after them."""
    merged = read_table(SPECS["parameters"], [DEFAULTS / "parameters.csv"], faults)
    if own is None:
        return merged
    index = {row["code"]: number for number, row in enumerate(merged.rows)}
    for row, place in own:
        if row["code"] in index:
            merged.rows[index[row["code"]]] = row
            merged.places[index[row["code"]]] = place
        else:
            merged.rows.append(row)
            merged.places.append(place)
    return merged


def digest(folder: Path) -> str:
    """A fingerprint of what the pack says: the same text gives the same, zipped or not."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir(), key=lambda path: path.name.removesuffix(".gz")):
        if path.is_file() and not path.name.startswith("."):
            text = read_text(path, Faults())
            total.update(path.name.removesuffix(".gz").encode() + b"\0" + (text or "").encode() + b"\0")
    for path in template_files(folder):
        total.update(path.name.encode() + b"\0" + (read_text(path, Faults()) or "").encode() + b"\0")
    return total.hexdigest()


def csv_text(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Rows as the CSV that a pack holds: LF line ends, quotes only where they are needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
