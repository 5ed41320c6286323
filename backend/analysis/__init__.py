"""Analysis: where it is hot, when, what probably causes it, and what comes next.

Only this room imports numpy, and whoever calls it imports it inside the function that calls: a console that shows
a board does not pay for it at its start.
"""
