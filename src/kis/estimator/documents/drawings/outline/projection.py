"""Where the views of an outline stand: third-angle projection, with print room for the chains between them.

The right side stands right of the front, the top above it and the bottom below it; each keeps the front's edges in line. The front view's
coordinates are the sheet's: its box begins at (0, 0).
"""

from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.drawings.outline import habits
from kis.estimator.documents.drawings.outline.box import Fixing, OutlineBox
from kis.estimator.documents.drawings.sheet import Box

LETTER_MM: Final = 2.2
FIRST_MM: Final = 6.0
STEP_MM: Final = 6.0
WIDE_STEP_MM: Final = 8.5
OUTER_MM: Final = 5.0
"""Print distances: height of letters, from a view to its first chain, from chain to chain, the same where labels of the inner one stand outside their gap, and what labels take beyond the outermost chain where
some stand outside their gap."""
_LABEL_MM: Final = 3.0
"""What labels take that stand in their gap, or below their chain."""
_CLEAR_MM: Final = 1.5
_CAPTION_MM: Final = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The views of ``box`` for a print at 1 : ``scale``."""

    box: OutlineBox
    scale: float

    @property
    def side_x(self) -> float:
        """Return the x of the front face in the side view."""
        box = self.box
        chain = (FIRST_MM + _LABEL_MM) * self.scale
        return box.width_mm + box.beyond_mm[2] + chain + self._front_mm

    @property
    def bottom_y(self) -> float:
        """Return the y of the front face in the bottom view."""
        box = self.box
        chains = (FIRST_MM + STEP_MM + _CLEAR_MM) * self.scale
        return -box.beyond_mm[1] - chains - self._front_mm

    @property
    def top_y(self) -> float:
        """Return the y of the front face in the top view."""
        box = self.box
        return box.height_mm + box.beyond_mm[3] + (FIRST_MM + _LABEL_MM) * self.scale + self._front_mm

    @property
    def behind_mm(self) -> float:
        """Return what is drawn beyond the back, a hinted pole included."""
        return self.box.behind_mm + (habits.POLE_ARC_MM if self.box.fixing is Fixing.POLE else 0)

    @property
    def extent(self) -> Box:
        """Return the room all views take with their chains and captions."""
        box, scale = self.box, self.scale
        left, _, right, above = box.beyond_mm
        chains_left = FIRST_MM + STEP_MM + OUTER_MM
        chains_below = FIRST_MM + (WIDE_STEP_MM if box.base_mm else 0) + _LABEL_MM
        low = self.bottom_y - box.depth_mm - self.behind_mm - chains_below * scale
        high = (
            self.top_y + box.depth_mm + (FIRST_MM + OUTER_MM) * scale
            if box.enters_above
            else box.height_mm + above + (FIRST_MM + _LABEL_MM) * scale
        )
        across = max(self.side_x + box.depth_mm + self.behind_mm, box.width_mm + right + 20 * scale)
        return (-left - chains_left * scale, low, across + _CAPTION_MM * scale, high)

    @property
    def _front_mm(self) -> float:
        """Return the room for what reaches out of the front face; some is left where nothing does."""
        return max(self.box.in_front_mm, _CLEAR_MM * self.scale)

    def below(self, x0: float, v0: float, x1: float, v1: float) -> Box:
        """Return a rectangle of the bottom view; v counts from the front face to the back."""
        return (x0, self.bottom_y - v1, x1, self.bottom_y - v0)

    def above(self, x0: float, v0: float, x1: float, v1: float) -> Box:
        """Return a rectangle of the top view."""
        return (x0, self.top_y + v0, x1, self.top_y + v1)

    def beside(self, v0: float, y0: float, v1: float, y1: float) -> Box:
        """Return a rectangle of the side view."""
        return (self.side_x + v0, y0, self.side_x + v1, y1)
