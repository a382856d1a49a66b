"""Measurements of speed, run by ``./kis bench NAME``. No test depends on them: a slow machine is not a defect."""
