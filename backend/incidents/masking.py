"""Who called stays on one page: everywhere else names, numbers, and what a text says of them are masked."""

from __future__ import annotations

import re

STAR = "*"
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
_LINE = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_CARD = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}[0-9]")


def phone_ok(phone: str) -> bool:
    """Whether it can be a telephone number: 7 to 15 digits, with ``+``, blanks, hyphens and brackets."""
    digits = sum(letter.isdecimal() and letter.isascii() for letter in phone)
    return bool(_PHONE.fullmatch(phone)) and 7 <= digits <= 15


def hide_phone(phone: str) -> str:
    """``138****5678``: the first three and the last four digits at most, and never more than half of them."""
    digits = [letter for letter in phone if letter.isdecimal()]
    if not digits:
        return STAR * 3 if phone else ""
    head, tail = (3, 4) if len(digits) >= 11 else (0, len(digits) // 3)
    hidden = max(len(digits) - head - tail, 1)
    return "".join(digits[:head]) + STAR * hidden + "".join(digits[len(digits) - tail :] if tail else [])


def hide_name(name: str) -> str:
    """``王**``: the family name."""
    return name[:1] + STAR * 2 if name else ""


def hide_caller(text: str, caller: str = "", phone: str = "") -> str:
    """A text without the caller's own name and number; other numbers in it stay."""
    if len(caller) > 1:
        text = text.replace(caller, hide_name(caller))
    if digits := "".join(letter for letter in phone if letter.isdecimal()):
        spread = r"[- ]?".join(map(re.escape, digits))
        text = re.sub(rf"(?<!\d){spread}(?!\d)", hide_phone(phone), text)
    return text


def hide_text(text: str, caller: str = "", phone: str = "") -> str:
    """A text without the caller, and without what else looks like a phone or an identity card."""
    text = hide_caller(text, caller, phone)
    text = _CARD.sub(lambda found: found.group()[:3] + STAR * 11 + found.group()[-4:], text)
    text = _MOBILE.sub(lambda found: f"{found.group(1)}{STAR * 4}{found.group(3)}", text)
    return _LINE.sub(lambda found: hide_phone(found.group()), text)
