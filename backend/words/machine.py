"""What the machine says of a file, a folder or a port, so that it is told in the person's language too."""

from __future__ import annotations

from errno import errorcode

from backend.text import clean
from backend.words.say import entry


def reason(error: OSError) -> str:
    """What is wrong, for a placeholder ``{error:os}``: its name, or the machine's own words where we have none."""
    name = errorcode.get(error.errno or 0, "")
    return name if entry(f"os.{name}", "en") else clean(error.strerror or error)
