"""Themes: every tone has its style, ink reads on its paper, few colours still tell levels apart."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from console.theme import THEMES, dress
from screens.tones import TONES, palette

LEAST = 4.5
"""The contrast that WCAG 2 asks of text."""
CHIPS = ("critical", "here", "replay", "order", "armed", "chosen", "aqi6")


def _light(red: int, green: int, blue: int) -> float:
    parts = [part / 255 for part in (red, green, blue)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def spelled(colour: Color) -> tuple[int, ...]:
    """What a terminal of 256 colours shows for a colour."""
    return tuple(colour.downgrade(ColorSystem.EIGHT_BIT).get_truecolor())


def contrast(one: Style, ink: str, paper: str) -> float:
    """How well a style reads, on a line of some ink and paper."""
    style = Style.parse(f"{ink} on {paper}") + one
    assert style.color is not None
    assert style.bgcolor is not None
    lights = sorted(
        (_light(*colour.get_truecolor()) for colour in (style.color, style.bgcolor)), reverse=True
    )
    return (lights[0] + 0.05) / (lights[1] + 0.05)


@pytest.mark.parametrize(("name", "in256"), [("dark", False), ("light", False), ("dark", True)])
def test_ink_reads_on_its_paper_and_under_the_cursor(name: str, in256: bool) -> None:
    worn = dress(name, in256=in256)
    ink, paper = str(worn.theme.foreground), str(worn.theme.background)
    for tone in TONES:
        assert contrast(worn.palette[tone], ink, paper) >= LEAST, tone
        for under in ("cursor", "bar"):
            style = worn.palette[tone]
            on = worn.palette[under] + style if style.bgcolor else style + worn.palette[under]
            # On the cursor's bar all but chips is in the bar's own ink, which reads better still (below).
            inked = not in256 or under == "bar" or style.bgcolor
            if tone not in ("made_up", "axis") and inked:
                assert contrast(on, ink, paper) >= 3.0, (tone, under)
    assert contrast(worn.palette["cursor"], ink, paper) >= LEAST


@pytest.mark.parametrize(("name", "in256"), [("dark", False), ("light", False), ("dark", True)])
def test_what_a_field_is_to_hold_reads_on_the_fields_paper(name: str, in256: bool) -> None:
    theme = dress(name, in256=in256).theme
    assert contrast(Style.parse(theme.variables["text-disabled"]), "black", str(theme.panel)) >= LEAST


def test_the_papers_of_the_dark_theme_are_among_256_colours_where_there_are_no_more() -> None:
    worn = dress("dark", in256=True)
    for tone, style in worn.palette.items():
        if style.bgcolor is not None and not tone.startswith(("heat", "map_")):
            assert spelled(style.bgcolor) == tuple(style.bgcolor.get_truecolor()), tone


@pytest.mark.parametrize("name", THEMES)
def test_levels_differ_from_one_another(name: str) -> None:
    styles = dress(name).palette
    for group in (("critical", "high", "medium", "low"), ("good", "bad", "suspect")):
        told = {str(styles[tone]) for tone in group}
        assert len(told) >= (len(group) if name != "mono" else len(group) - 1), group


def test_mono_has_no_colour_and_sixteen_has_only_sixteen() -> None:
    for tone, style in dress("mono").palette.items():
        assert style.color is None, tone
        assert style.bgcolor is None, tone
    for tone, style in dress("sixteen").palette.items():
        for colour in (style.color, style.bgcolor):
            assert colour is None or colour.downgrade(ColorSystem.STANDARD) == colour, tone


def test_sixteen_tells_nothing_by_ink_that_a_light_or_a_dark_paper_swallows() -> None:
    for tone, style in dress("sixteen").palette.items():
        if style.color is not None and style.bgcolor is None:
            assert style.color.name not in ("yellow", "bright_yellow", "white", "bright_white", "black"), tone


def test_chips_name_both_their_colours() -> None:
    for name in ("dark", "light"):
        for tone in CHIPS:
            style = dress(name).palette[tone]
            assert style.color is not None, tone
            assert style.bgcolor is not None, tone


def test_a_tone_that_is_not_one_is_found() -> None:
    with pytest.raises(ValueError, match="no such tones: aqi7"):
        palette({"aqi7": "red"})
