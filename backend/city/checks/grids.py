"""The tree of grids 网格: one root, each parent one level up, no cycles; outlines belong to grids."""

from __future__ import annotations

from backend.city.faults import nearest
from backend.city.pack import Pack
from backend.city.rows import Place, Row


def check(pack: Pack) -> None:
    """Note what is wrong with the tree of grids and with whom the outlines belong to."""
    table = pack.rows("grids")
    by_code: dict[str, tuple[Row, Place]] = {row["code"]: (row, place) for row, place in table if row["code"]}
    roots = [(row, place) for row, place in table if row["level"] == 1]
    if table.rows and not roots:
        pack.faults.add(table.files[0] if table.files else "grids.csv", 0, "no_root")
    for _row, place in roots[1:]:
        pack.faults.add(*place, "two_roots", first=roots[0][0]["code"], line=roots[0][1][1])
    city = pack.city.facts.get("code")
    if roots and city and roots[0][0]["code"] != city:
        pack.faults.add(*roots[0][1], "city_code", value=roots[0][0]["code"], code=str(city))
    looped = _find_cycles(by_code)
    for row, place in table:
        code, parent, level = row["code"], row["parent"], row["level"]
        if code in looped:
            pack.faults.add(*place, "cycle", code=code, path=" > ".join(looped[code]))
        elif level == 1 and parent:
            pack.faults.add(*place, "root_parent", code=code, parent=parent)
        elif level and level > 1 and not parent:
            pack.faults.add(*place, "no_parent", code=code, level=level - 1)
        elif level and level > 1 and parent in by_code:
            above = by_code[parent][0]["level"]
            if above is not None and above != level - 1:
                pack.faults.add(
                    *place,
                    "parent_level",
                    code=code,
                    level=level,
                    parent=parent,
                    above=above,
                    needed=level - 1,
                )
    _check_outlines(pack, by_code)


def _find_cycles(by_code: dict[str, tuple[Row, Place]]) -> dict[str, list[str]]:
    """The grids that are their own ancestors, each with the way round."""
    looped: dict[str, list[str]] = {}
    settled: set[str] = set()
    for start in by_code:
        path: list[str] = []
        on_path: dict[str, int] = {}
        code = start
        while code in by_code and code not in settled and code not in on_path:
            on_path[code] = len(path)
            path.append(code)
            code = by_code[code][0]["parent"]
        if code in on_path:
            ring = path[on_path[code] :]
            for member in ring:
                looped[member] = [*ring, code]
        settled.update(path)
    return looped


def _check_outlines(pack: Pack, by_code: dict[str, tuple[Row, Place]]) -> None:
    for outline in pack.outlines:
        if outline.grid not in by_code:
            pack.faults.add(
                "boundaries.geojson",
                outline.line,
                "unknown_code",
                column="code",
                value=outline.grid,
                file="grids.csv",
                near=nearest(outline.grid, by_code) or "-",
            )
