"""Exact numbers and the rounding of GB/T 8170 数值修约."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

Number = Decimal | float | int
"""What a measured value comes as; a float stands for its shortest decimal form (0.1 is one tenth)."""

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_LARGE = Decimal("1e30")


class NotANumber(ValueError):
    """A value that nothing can be computed from; ``why`` is ``word``, ``nan``, ``infinite`` or ``negative``."""

    def __init__(self, why: str, value: object, parameter: str = "") -> None:
        super().__init__(f"{parameter or 'value'} is {why}: {value!r}")
        self.why = why
        self.value = value
        self.parameter = parameter


def exact(value: Number) -> Decimal:
    """The value as the decimal a person would write for it.

    Raises:
        NotANumber: for NaN, an infinity, or what is no number at all.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise NotANumber("word", value)
    # repr is the shortest decimal that gives this float back; Decimal(float) would drag in its binary tail.
    number = Decimal(float.__repr__(value)) if isinstance(value, float) else Decimal(value)
    if number.is_nan():
        raise NotANumber("nan", value)
    if number.is_infinite():
        raise NotANumber("infinite", value)
    return number


def concentration(value: Number, parameter: str = "") -> Decimal:
    """`exact`, and not below zero.

    Raises:
        NotANumber: as `exact`, and for a negative value.
    """
    try:
        number = exact(value)
    except NotANumber as fault:
        raise NotANumber(fault.why, value, parameter) from None
    if number < 0:
        raise NotANumber("negative", value, parameter)
    return number


def round_even(value: Number, decimals: int) -> Decimal:
    """Round half to even (四舍六入五成双, GB/T 8170) to so many decimals: 60.5 is 60, 61.5 is 62."""
    number = exact(value)
    if abs(number) >= _LARGE:
        return number
    try:
        return number.quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT)
    except InvalidOperation as fault:
        raise NotANumber("word", value) from fault
