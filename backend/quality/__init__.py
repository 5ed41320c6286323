"""Quality 质量控制: what is said of a reading on the way in, so that only good ones count.

checks   one value by itself: range 量程, zero drift 零点漂移, device flag, clock, missing
series   one value beside others: flat line 恒值, PM2.5 above PM10 倒挂, also over pages that came before
reasons  the codes that stand in a reading's ``reason``, and what each makes of its flag
absence  the three ways in which a value can be absent, told apart
"""

from __future__ import annotations

from backend.quality.absence import Absence, absence
from backend.quality.checks import Checks, load_checks
from backend.quality.reasons import flag_of
from backend.quality.series import Marks, assess

__all__ = ["Absence", "Checks", "Marks", "absence", "assess", "flag_of", "load_checks"]
