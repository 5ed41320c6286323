"""Scores 量化赋分: an append-only ledger of points, each entry made by a task or an alarm, and the rankings of it."""
