"""Build the Heze pack from the register of divisions, county outlines and power plants. Deterministic.

Run by hand where ../shared/data is there; the pack it writes is part of the product::

    uv run --with pypinyin==0.55.0 python -m tests.tools.build_heze_pack ../shared/data

``city.toml``, ``feeds.toml``, ``departments.csv``, ``incident_types.csv``, ``measures.csv`` and ``orders.csv`` are
written by hand and left as they are. What is real and what is made up is told in the pack's README.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from backend.city.packs import heze_path
from tests.tools.heze import grids, people, sources, stations
from tests.tools.heze.write import Writer


def main(shared: Path, folder: Path) -> None:
    """Write every generated file of the pack into ``folder``."""
    writer = Writer(folder)
    city = grids.build(shared)
    grids.write(city, writer)
    people.write(city, writer)
    made = sources.build(city, shared)
    sources.write(made, writer)
    stations.write(city, made, writer)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else heze_path())
