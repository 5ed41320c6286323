"""An object that is made of several classes has each of its names once: what one of them counts no other counts on."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from textual.driver import Driver
from textual.message_pump import MessagePump

import console
import screens

OURS = ("console.", "screens.")
MEANT = {"_bindings", "_modes", "_file", "driver_class"}
"""The framework's own, given another value on purpose."""


def below(one: type[Any]) -> Iterator[type[Any]]:
    for found in one.__subclasses__():
        yield found
        yield from below(found)


@cache
def begun_with(one: type[Any]) -> frozenset[str]:
    """The attributes that a class gives its objects when they are made."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(one)))):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            for part in ast.walk(node):
                targets = part.targets if isinstance(part, ast.Assign) else []
                targets = [part.target] if isinstance(part, ast.AnnAssign) else targets
                for name in (each for target in targets for each in ast.walk(target)):
                    if isinstance(name, ast.Attribute) and ast.unparse(name.value) == "self":
                        found.add(name.attr)
    return frozenset(found)


def everything() -> list[type[Any]]:
    """Every class of ours that the framework drives, or that drives the terminal for it."""
    for package in (console, screens):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return [one for one in {*below(MessagePump), *below(Driver)} if one.__module__.startswith(OURS)]


def test_no_two_classes_of_an_object_have_the_same_name_for_what_is_their_own() -> None:
    shared = {}
    for one in everything():
        classes = [each for each in one.__mro__ if each.__module__.startswith((*OURS, "textual."))]
        names = Counter(name for each in classes for name in begun_with(each))
        # What the framework says twice among its own classes is its own affair.
        ours = {
            name for each in classes if each.__module__.startswith(OURS) for name in begun_with(each) - MEANT
        }
        if twice := sorted(name for name in ours if names[name] > 1):
            shared[one.__qualname__] = twice
    assert shared == {}
