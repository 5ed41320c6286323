"""What this seat is set to: flag before environment before file before default.

The file is ``config.toml`` in the person's configuration folder (``gridseat doctor`` names it). Unknown keys are
errors, so that a misspelt one is noticed.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from backend.words import Message
from backend.words.say import Language


class SettingsError(Exception):
    """The settings can't be used; ``message`` says which and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


@dataclass(frozen=True)
class Settings:
    """Every setting, with where its value came from."""

    store: str = ""
    """Path or URL of the store."""
    person: str = ""
    """Who sits here: a person's code."""
    language: str = ""
    """zh or en; empty follows the locale."""
    mouse: bool = False
    ascii: bool = False
    """Draw with ASCII characters only."""
    wide: bool = False
    """The terminal draws blocks two cells wide: no picture is made of them."""
    lite: bool = False
    """For slow lines: a pointer instead of a full-row bar, letters instead of a map's colours."""
    bell: bool = True
    """Ring the terminal bell for critical alarms."""
    theme: str = ""
    """dark, light or mono; empty lets the terminal decide."""
    stock_terminal: bool = False
    """Draw with the framework's own terminal driver, where ours is the matter."""
    origin: Mapping[str, str] = field(default_factory=dict)

    def told(self, name: str) -> bool:
        """Whether somebody has set it, be it to what it is by default."""
        return self.origin.get(name, "default") != "default"

    @property
    def speaks(self) -> Language:
        """The language to use."""
        if self.language in ("zh", "en"):
            return "zh" if self.language == "zh" else "en"
        spoken = next(
            (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), ""
        )
        return "zh" if spoken.lower().startswith("zh") else "en"


NAMES = tuple(item.name for item in fields(Settings) if item.name != "origin")
CHOICES = {"language": ("zh", "en"), "theme": ("dark", "light", "mono", "auto")}
_ENVIRONMENT = {"person": "GRIDSEAT_AS", "language": "GRIDSEAT_LANG"}


def config_file() -> Path:
    """Where the settings file lies."""
    from platformdirs import user_config_path

    return user_config_path("gridseat") / "config.toml"


def data_folder() -> Path:
    """Where a seat keeps its store unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("gridseat")


def load(flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings as they hold now.

    Raises:
        SettingsError: the file is no TOML or has an unknown key; a value is of the wrong kind or none of its choices.
    """
    values: dict[str, Any] = {"store": str(data_folder() / "gridseat.db")}
    origin = dict.fromkeys(NAMES, "default")
    for name, value in _from_file().items():
        values[name], origin[name] = value, str(config_file())
    for name in NAMES:
        variable = _ENVIRONMENT.get(name, f"GRIDSEAT_{name.upper()}")
        if text := os.environ.get(variable):
            values[name], origin[name] = _typed(name, text, variable), variable
    for name, value in (flags or {}).items():
        if name in NAMES and value not in (None, ""):
            values[name], origin[name] = value, f"--{'as' if name == 'person' else name.replace('_', '-')}"
    for name, known in CHOICES.items():
        if (value := values.get(name, "")) and value not in known:
            told = {"key": name, "value": value, "where": origin[name], "known": " / ".join(known)}
            raise SettingsError(Message("cli.config_choice", told))
    return Settings(**values, origin=origin)


def _from_file() -> dict[str, Any]:
    path = config_file()
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(Message("cli.config_broken", {"path": str(path), "error": str(error)})) from error
    for name, value in found.items():
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, 1)
            raise SettingsError(
                Message(
                    "cli.config_unknown",
                    {"path": str(path), "key": name, "near": (near or [", ".join(NAMES)])[0]},
                )
            )
        if type(value) is not type(getattr(Settings, name)):
            raise SettingsError(
                Message("cli.config_type", {"key": name, "value": str(value), "where": str(path)})
            )
    return found


def _typed(name: str, text: str, where: str) -> Any:
    if not isinstance(getattr(Settings, name), bool):
        return text
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise SettingsError(Message("cli.config_type", {"key": name, "value": text, "where": where}))


def remember(name: str, value: str) -> None:
    """Write one setting of text into the file, the others as they are; the file is replaced whole."""
    import json

    kept = _from_file()
    if kept.get(name) == value:
        return
    kept[name] = value
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = [f"{key} = {json.dumps(item, ensure_ascii=False)}" for key, item in kept.items()]
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join(lines) + "\n", "utf-8")
    os.replace(fresh, path)
