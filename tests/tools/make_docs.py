"""Write the generated parts of the documents anew: the pack's columns, and the keys.

    python -m tests.tools.make_docs

A generated part stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``; a test holds the documents against it.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from backend.city.columns import columns_page
from screens.actions import ACTIONS, key_name

ROOT = Path(__file__).parents[2]
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "formats.md")


def pack() -> str:
    """Every column of every table of a city pack."""
    return columns_page("en").replace("## ", "### ").strip()


def keys() -> str:
    """Every action with its keys, as the help screen shows them."""
    lines = ["| key | what it does | 中文 | where |", "|---|---|---|---|"]
    for action in ACTIONS:
        if not action.keys:
            continue
        names = " ".join(spelled(key_name(key, "en")) for key in action.keys).replace("|", "\\|")
        where = ", ".join("everywhere" if scope == "app" else scope for scope in action.scopes)
        lines.append(f"| {names} | {action.title('en')} | {action.title('zh')} | {where} |")
    return "\n".join(lines)


def spelled(key: str) -> str:
    """A key's name as code; one that is a grave accent needs two around it."""
    return f"`` {key} ``" if "`" in key else f"`{key}`"


PARTS = {"pack": pack, "keys": keys}


def rendered(text: str) -> str:
    """A document with its generated parts made anew."""
    for name, make in PARTS.items():
        part = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = part.sub(partial(_filled, make()), text)
    return text


def _filled(made: str, found: re.Match[str]) -> str:
    return f"{found.group(1)}{made}\n{found.group(2)}"


def main() -> None:
    for path in DOCUMENTS:
        path.write_text(rendered(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
