"""Which paragraphs of a PDF are captions of its figures and tables?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.pdf.drafts import Draft
from kb.model import BlockKind

_CAPTION = re.compile(
    r"(?:figure|fig\.|table|chart|exhibit|map|box|figura|tabla|cuadro|gráfico|gráfica|ilustración|recuadro|mapa)"
    r"\s+(?:\d{1,3}|[A-Z]|[IVX]{1,5})(?:[.-]\d{1,3})?(?:\s*[.:–—|-]|\s+(?=[A-ZÁÉÍÓÚÑ¿]))",
    re.IGNORECASE,
)
_LONGEST = 700


def mark_captions(drafts: Sequence[Draft]) -> None:
    """Make the drafts that start as captions do captions."""
    for draft in drafts:
        if draft.kind is BlockKind.PARAGRAPH and _CAPTION.match(draft.text) and len(draft.text) <= _LONGEST:
            draft.kind = BlockKind.CAPTION
