"""How the program ends, as a number for whoever called it."""

from typing import Final

DONE: Final = 0
"""Every gate passes."""
BROKEN: Final = 1
"""One calm line with a trace id; ``--debug`` shows the traceback."""
BAD_REQUEST: Final = 2
"""A bad request or wrong usage: every problem at once."""
GATE_FAILS: Final = 3
"""A gate fails; the files are written all the same."""
INTERRUPTED: Final = 130
"""Interrupted from the keyboard: 128 + SIGINT, as a shell reports it."""
READER_GONE: Final = 141
"""The reader of the output went away: 128 + SIGPIPE."""
