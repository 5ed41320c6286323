"""Write a small correct pack to begin from, with a page that says what each column means."""

from __future__ import annotations

from pathlib import Path

from backend.city.columns import columns_page
from backend.words.say import Language

_SOURCE = Path(__file__).parent / "data" / "template"
README = "README.md"


class FolderTaken(Exception):
    """The folder holds something already; a template never writes over it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


def write_template(folder: Path, language: Language = "zh") -> list[str]:
    """Write the example pack into an empty or new folder; gives the names of the files.

    Raises:
        FolderTaken: the folder is not empty, or is a file.
        OSError: it can't be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for source in sorted(_SOURCE.iterdir()):
        (folder / source.name).write_bytes(source.read_bytes())
        names.append(source.name)
    title = "城市包文件格式" if language == "zh" else "The files of a city pack"
    (folder / README).write_text(columns_page(language, title=title), encoding="utf-8")
    return [*names, README]
