"""The command ``gridseat`` that waits for a terminal's answers however long: ``python -m tests.terminal.patient``.

Who answers for a terminal in a test is a program like others, and may not be let run for a second.
"""

from __future__ import annotations

import sys

from console.__main__ import main
from console.terminal import survey

if __name__ == "__main__":
    survey.ask.__defaults__ = (600.0,)
    sys.exit(main())
