"""How is a stretch of text on a PDF's page set: how large, bold, slanted, turned?"""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

# By their names; those of TeX's fonts have no flags: CMBX, CM-Super's SFBX and SFSX, EC's ECBX.
_BOLD = re.compile(
    r"bold|black|heavy|-bd|cmbx|cmssbx|[-_]medi\b|-demi|semib|-dmb|(?:sf|ec)(?:bx|sx|bi)\d", re.IGNORECASE
)
_MONO = re.compile(
    r"mono|courier|consol|typewriter|cmtt|menlo|inconsolata|nimbusmon|sftt|ectt|lmtt", re.IGNORECASE
)
_SLANTED = re.compile(r"ital|obli|slant|cmti|(?:sf|ec)(?:ti|bi|sl)\d|[-_]it\b", re.IGNORECASE)
_FIXED_PITCH, _FORCE_BOLD = 1, 1 << 18
# PDFium makes up weights from the width of stems where a font states none, so only heavy ones tell.
_HEAVY = 700
_OUTLINED = 2  # fill, then stroke: the way to make a light font look bold
# Text this far from upright, in degrees, is set askew.
_ASKEW = 8.0
_SMALLEST = 2.0


@dataclass(frozen=True, slots=True)
class Face:
    """How text is set. ``turned`` is by how many degrees clockwise its page must be turned to read it.

    ``askew`` text runs in no right angle; ``furniture`` is marked in the file as no part of the text.
    """

    size: float
    bold: bool = False
    mono: bool = False
    slanted: bool = False
    turned: int = 0
    askew: bool = False
    furniture: bool = False


class Faces:
    """Knows how each character of one page is set; text objects and fonts are looked at once."""

    def __init__(self, handle: Any, tagged: bool) -> None:
        self._handle, self._tagged = handle, tagged
        self._of_objects: dict[int, Face] = {}
        self._fonts: dict[int, tuple[bool, bool, bool]] = {}
        self._matrix, self._rect = raw.FS_MATRIX(), raw.FS_RECTF()

    def at(self, index: int) -> Face:
        """Return the face of a character."""
        drawn = raw.FPDFText_GetTextObject(self._handle, index)
        address = ctypes.addressof(drawn.contents) if drawn else 0
        face = self._of_objects.get(address)
        if face is None:
            face = self._of_objects[address] = self._measured(drawn, index)
        return face

    def _measured(self, drawn: Any, index: int) -> Face:
        if not raw.FPDFText_GetMatrix(self._handle, index, self._matrix):
            return Face(10.0)
        matrix = self._matrix
        direction = math.degrees(math.atan2(matrix.b, matrix.a))
        turned = round(direction / 90) * 90
        askew = abs(direction - turned) > _ASKEW
        size = abs(raw.FPDFText_GetFontSize(self._handle, index)) * math.hypot(matrix.c, matrix.d)
        size = self._plausible(size, index, turned % 180 != 0)
        bold, mono, slanted = self._font(raw.FPDFTextObj_GetFont(drawn)) if drawn else (False,) * 3
        if drawn and raw.FPDFTextObj_GetTextRenderMode(drawn) == _OUTLINED:
            bold = True
        furniture = bool(self._tagged and drawn and _is_artifact(drawn))
        return Face(round(size, 1), bold, mono, slanted, 0 if askew else turned % 360, askew, furniture)

    def _plausible(self, size: float, index: int, upended: bool) -> float:
        """Return the size, or one from the box where fonts of their own scale state nonsense."""
        raw.FPDFText_GetLooseCharBox(self._handle, index, self._rect)
        rect = self._rect
        height = float(rect.right - rect.left if upended else rect.top - rect.bottom)
        if size < _SMALLEST or not math.isfinite(size) or (height > 0 and size > 4 * height > 4 * _SMALLEST):
            return max(height / 1.2, 1.0)
        return size

    def _font(self, font: Any) -> tuple[bool, bool, bool]:
        """Return whether a font is bold, of fixed pitch, slanted."""
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address not in self._fonts:
            buffer = ctypes.create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(font, buffer, 128)
            name = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
            flags = max(raw.FPDFFont_GetFlags(font), 0)
            bold = (
                bool(_BOLD.search(name))
                or bool(flags & _FORCE_BOLD)
                or raw.FPDFFont_GetWeight(font) >= _HEAVY
            )
            mono = bool(_MONO.search(name)) or bool(flags & _FIXED_PITCH)
            self._fonts[address] = (bold, mono, bool(_SLANTED.search(name)))
        return self._fonts[address]


def _is_artifact(drawn: Any) -> bool:
    """Return whether the file marks a text as an artifact of the page (ISO 32000-1, 14.8.2.2)."""
    size = ctypes.c_ulong()
    buffer = (ctypes.c_ushort * 32)()
    for at in range(min(raw.FPDFPageObj_CountMarks(drawn), 8)):
        mark = raw.FPDFPageObj_GetMark(drawn, at)
        known = raw.FPDFPageObjMark_GetName(mark, buffer, 64, size) and size.value <= 64
        if known and bytes(buffer)[: max(size.value - 2, 0)].decode("utf-16-le", "replace") == "Artifact":
            return True
    return False
