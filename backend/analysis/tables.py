"""What analysis keeps: its answers by the hour, so that a screen or the hub only reads rows."""

from __future__ import annotations
