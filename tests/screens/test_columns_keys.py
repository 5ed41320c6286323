"""No board has two columns of one key: widths, sorting and what is remembered go by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import screens
from screens.columns import Column


def _boards() -> Iterator[tuple[str, tuple[Column[Any], ...]]]:
    for module in walk_packages(screens.__path__, "screens."):
        for name, held in vars(import_module(module.name)).items():
            inner: Mapping[Any, Any] = held if isinstance(held, Mapping) else getattr(held, "__dict__", {})
            for part, columns in ((name, held), *((f"{name}.{key}", one) for key, one in inner.items())):
                if isinstance(columns, tuple | list) and columns and isinstance(columns[0], Column):
                    yield f"{module.name}:{part}", tuple(columns)


def test_a_key_is_that_of_one_column() -> None:
    doubled = {
        where: sorted(
            key for key in {one.key for one in columns} if [one.key for one in columns].count(key) > 1
        )
        for where, columns in _boards()
    }
    assert len(doubled) > 20
    assert not {where: keys for where, keys in doubled.items() if keys}
