"""What the product says: a code with arguments, told in Chinese or English (words as in the trade).

The backend never makes a sentence; it hands out a `Message` and whoever shows it calls `say`. The first
part of a code names the module in ``entries`` that holds it (``task.refused.state`` is in ``entries/task.py``),
so that a program that says one thing loads one module. Plain Python modules, because they load compiled.
"""

from __future__ import annotations

from backend.words.message import Message, Outcome
from backend.words.say import LANGUAGES, entry, override, say, span, use_zone, word

__all__ = ["LANGUAGES", "Message", "Outcome", "entry", "override", "say", "span", "use_zone", "word"]
