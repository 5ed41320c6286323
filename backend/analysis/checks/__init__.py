"""The checks that look later: beside the hours around, the series' own past, its neighbours and its companions.

numbers   what they hold readings against (``data/checks.toml``)
block     a stretch of the store as arrays, with what is said of each reading already
moves     spikes 尖峰, sudden changes 突变, outliers 离群; pure
near      whose neighbours are whose, and whether anybody else saw it
humid     optical instruments in humid air 高湿
days      each day of every series beside its neighbours, kept as a row
findings  unlike its neighbours 邻站不一致: for a person, with the numbers
drift     slow drift 缓慢漂移, likewise
run       what of it is due
"""

from __future__ import annotations
