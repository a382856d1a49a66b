"""The 회로표 and 부품표: every circuit and every part, as tables of as many sheets as they need."""
