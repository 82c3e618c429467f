"""How do the tests get PDFs? They set them, word by word, at places that they know."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.readers import pdf
from kb.model import Block, BlockKind, Document

WIDTH, HEIGHT = 612.0, 792.0
LEFT, TOP = 72.0, 90.0
BODY, BOLD, SLANTED, CODE = "Times-Roman", "Times-Bold", "Times-Italic", "Courier"

PROSE = (
    "A worker who visits a family writes down on the same day what was said and agreed. The notes name"
    " everyone who was present, the time of the visit and the next step that each has taken on. When a child"
    " speaks alone with the worker, the notes keep the words of the child and not a summary of them. A second"
    " reader checks the notes within a week and asks about anything that is not clear to one from outside."
)


class Paper:
    """A PDF in the making. Places are points from the left top corner, at the baseline."""

    def __init__(self, size: tuple[float, float] = (WIDTH, HEIGHT), *, password: str | None = None) -> None:
        self._stream = io.BytesIO()
        lock = None
        if password is not None:
            lock = StandardEncryption(password, ownerPassword="owner", strength=128)
        self.canvas = Canvas(self._stream, pagesize=size, encrypt=lock)
        self._height = size[1]

    def put(self, text: str, left: float, top: float, *, font: str = BODY, size: float = 10) -> float:
        """Set a line; return the baseline of the next."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(left, self._height - top, text)
        return top + 1.2 * size

    def put_all(
        self, lines: Sequence[str], left: float, top: float, *, font: str = BODY, size: float = 10
    ) -> float:
        """Set lines under each other; return the baseline of the next."""
        for line in lines:
            top = self.put(line, left, top, font=font, size=size)
        return top

    def prose(
        self, text: str, left: float, top: float, *, width: float = 468, size: float = 10, indent: float = 0
    ) -> float:
        """Set a paragraph, broken to a width; return the baseline of the next line."""
        return self.put_all(self.broken(text, width=width, size=size, indent=indent), left, top, size=size)

    def broken(self, text: str, *, width: float, size: float = 10, indent: float = 0) -> list[str]:
        """Return the lines that a paragraph takes at a width."""
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.canvas.stringWidth(longer, BODY, size) > width:
                lines.append(line)
                longer = word
            line = longer
        return [*lines, line]

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """Draw a line."""
        self.canvas.line(left, self._height - top, right, self._height - bottom)

    def page(self) -> None:
        """Begin a new page."""
        self.canvas.showPage()

    def content(self) -> bytes:
        """Return the finished PDF."""
        self.canvas.save()
        return self._stream.getvalue()

    def read(self) -> Document:
        """Return what the reader makes of it."""
        return pdf.read(self.content(), name="paper.pdf")


def notes_paper(signing: str) -> bytes:
    """Return a PDF of two pages: a full one on writing notes, and one on signing them, in these words."""
    paper = Paper()
    top = paper.put("Writing notes", LEFT, TOP, font=BOLD, size=18)
    for _ in range(4):
        top = 20 + paper.prose(PROSE, LEFT, top + 10)
    paper.page()
    top = paper.put("Signing notes", LEFT, TOP, font=BOLD, size=18)
    paper.prose(signing, LEFT, top + 10)
    return paper.content()


def by_hand(*objects: bytes) -> bytes:
    """Return a PDF of these objects, the first of which is its catalog, with no table of where they are."""
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (at, content) for at, content in enumerate(objects, 1))
    return b"%PDF-1.4\n" + b"".join(numbered) + b"trailer\n<< /Root 1 0 R >>\n%%EOF"


def stream(content: bytes) -> bytes:
    """Return a stream object."""
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def texts(document: Document, kind: BlockKind) -> list[str]:
    """Return the words of the blocks of one kind."""
    return [document.block_text(block) for block in document.blocks if block.kind is kind]


def outline(document: Document) -> list[tuple[str, str]]:
    """Return kind and words of each block."""
    return [(block.kind.value, document.block_text(block)) for block in document.blocks]


def blocks(document: Document, kind: BlockKind) -> list[Block]:
    """Return the blocks of one kind."""
    return [block for block in document.blocks if block.kind is kind]
