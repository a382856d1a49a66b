"""The 배치도: the front of an open panel to scale, with its dimensions, circuits and phases."""
