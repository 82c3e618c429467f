"""How do places on a PDF's page become places on the page as it is shown?

PDF counts points from the left bottom corner of a page that may be cropped and turned (ISO 32000-1, 8.3.2).
Here a rectangle is (left, top, right, bottom) in points from the left top corner of the page as shown.
"""

from __future__ import annotations

from dataclasses import dataclass

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """A page: its visible part in PDF's own coordinates, and how it is shown turned, in degrees clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of the page as shown."""
        return self.size_at(self.turned)

    def size_at(self, degrees: int) -> tuple[float, float]:
        """Return width and height of the page turned clockwise by a multiple of 90 degrees."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if degrees % 180 else (width, height)

    def seen(self, left: float, bottom: float, right: float, top: float, *, degrees: int) -> Rectangle:
        """Return where a rectangle in PDF's coordinates stands on the page turned clockwise by so much."""
        upright = (left - self.left, self.top - top, right - self.left, self.top - bottom)
        return turned(upright, self.size_at(0), degrees)

    def shown(self, rectangle: Rectangle, *, degrees: int) -> Rectangle:
        """Return where on the page as shown a rectangle stands that was measured on one turned by so much."""
        return turned(rectangle, self.size_at(degrees), self.turned - degrees)


def turned(rectangle: Rectangle, size: tuple[float, float], degrees: int) -> Rectangle:
    """Return where a rectangle stands after its page of that size is turned clockwise."""
    left, top, right, bottom = rectangle
    width, height = size
    match degrees % 360:
        case 90:
            return (height - bottom, left, height - top, right)
        case 180:
            return (width - right, height - bottom, width - left, height - top)
        case 270:
            return (top, width - right, bottom, width - left)
    return rectangle
