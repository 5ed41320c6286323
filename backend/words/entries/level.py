"""The six levels of the AQI 空气质量指数级别 (HJ 633 Table 1), and NA."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "level.1": ("优", "Excellent"),
    "level.2": ("良", "Good"),
    "level.3": ("轻度污染", "Lightly polluted"),
    "level.4": ("中度污染", "Moderately polluted"),
    "level.5": ("重度污染", "Heavily polluted"),
    "level.6": ("严重污染", "Severely polluted"),
    "level.1.roman": ("一级", "Level I"),
    "level.2.roman": ("二级", "Level II"),
    "level.3.roman": ("三级", "Level III"),
    "level.4.roman": ("四级", "Level IV"),
    "level.5.roman": ("五级", "Level V"),
    "level.6.roman": ("六级", "Level VI"),
    "level.1.colour": ("绿色", "green"),
    "level.2.colour": ("黄色", "yellow"),
    "level.3.colour": ("橙色", "orange"),
    "level.4.colour": ("红色", "red"),
    "level.5.colour": ("紫色", "purple"),
    "level.6.colour": ("褐红色", "maroon"),
    "level.na": ("NA", "NA"),
}
