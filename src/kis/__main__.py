"""``python -m kis``: what the launcher runs."""

import sys

from kis.cli import main

sys.exit(main())
