"""Search over everything KIS knows: one way to cut texts into terms, engines that rank by them, and rights inside every query."""
