"""Keys of upstreams: from the environment or a file that only the owner can read, never from the store."""

from __future__ import annotations

import os
import re
from pathlib import Path

from backend.feeds.fault import FeedError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def read_secret(name: str, folder: Path | None = None) -> str:
    """The key called ``name``: ``GRIDSEAT_SECRET_<NAME>``, else the file of that name (mode 0600).

    Args:
        folder: where the files are; ``GRIDSEAT_SECRETS`` or ``secrets`` in the user's configuration
            folder where None.

    Raises:
        FeedError: there is no such key, or others can read its file.
    """
    if not _NAME.fullmatch(name):
        raise FeedError("feed.secret.name", name=name, fatal=True)
    variable = "GRIDSEAT_SECRET_" + name.upper().replace("-", "_")
    value = os.environ.get(variable)
    if value:
        return value.strip()
    path = (folder or secrets_folder()) / name
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise FeedError(
            "feed.secret.missing", name=name, variable=variable, path=str(path), fatal=True
        ) from error
    if mode & 0o077:
        raise FeedError("feed.secret.open", path=str(path), fatal=True)
    if not text or "\n" in text:
        raise FeedError("feed.secret.empty", path=str(path), fatal=True)
    return text


def secrets_folder() -> Path:
    """Where the files with keys are."""
    chosen = os.environ.get("GRIDSEAT_SECRETS")
    if chosen:
        return Path(chosen)
    from platformdirs import user_config_path

    return user_config_path("gridseat") / "secrets"
