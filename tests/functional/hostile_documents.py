"""Documents that are made to do harm, format by format, and what has to become of each."""

import struct
import zlib
from collections.abc import Iterable

from tests.ingest.archive_fixtures import with_password
from tests.ingest.readers import packages

WORDS = "The desk answers at any hour, also on holidays."
# Doubled ten times over, and a file of the machine.
_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "hahahahahaha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    + '<!ENTITY out SYSTEM "file:///etc/passwd">]>'
)
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_TEXT = b"BT /F 12 Tf 72 700 Td (" + WORDS.encode() + b") Tj ET"


def pdf(*parts: bytes, filler: int = 0) -> bytes:
    """Return a PDF of these objects, the first its catalog, and ``filler`` more that nothing names."""
    out, at, places = [b"%PDF-1.7\n"], 9, []
    filling = (b"<</A 1>>" for _ in range(filler))
    for number, part in enumerate((*parts, *filling), 1):
        places.append(at)
        out.append(b"%d 0 obj\n" % number + part + b"\nendobj\n")
        at += len(out[-1])
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.extend(b"%010d 00000 n \n" % place for place in places)
    out.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, at))
    return b"".join(out)


def stream(content: bytes, more: bytes = b"") -> bytes:
    """Return a PDF stream."""
    return b"<</Length %d%s>>stream\n" % (len(content), more) + content + b"\nendstream"


def _usual(*, kids: bytes = b"[3 0 R]", count: int = 1, catalog: bytes = b"") -> Iterable[bytes]:
    yield b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>"
    yield b"<</Type/Pages/Kids" + kids + b"/Count %d>>" % count
    yield _PAGE
    yield stream(_TEXT)
    yield _FONT


def _with_entities(package: bytes, path: str) -> bytes:
    parts = packages.parts_of(package)
    markup = parts[path].decode()
    parts[path] = (_ENTITIES + markup.replace(WORDS, f"{WORDS} &k;&out;")).encode()
    return packages.zipped(parts)


def _nested(times: int) -> bytes:
    mail = b"From: a@agency.org\n\nThe innermost words.\n"
    for _ in range(times):
        mail = b"From: a@agency.org\nSubject: Of it\nContent-Type: message/rfc822\n\n" + mail
    return mail


_WORD = packages.docx(packages.p(WORDS))
_OPEN = packages.odf(f"<text:p>{WORDS}</text:p>")
_SVG = f"<?xml version='1.0'?>{_ENTITIES}<svg xmlns='http://www.w3.org/2000/svg'><text>&k;</text></svg>"
_HEAD = b"From: a@agency.org\nSubject: " + b"=?utf-8?q?x?= " * 100_000 + b"\n\n"
_SEVEN = b"From: a@agency.org\nContent-Type: text/plain; charset=utf-7\n\n"
_PACKED = zlib.compress(zlib.compress(_TEXT + b" q Q" * 500_000))
_PICTURE = b"/Type/XObject/Subtype/Image/Width 46341/Height 46341/ColorSpace/DeviceGray/BitsPerComponent 8"
_SHOWN = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"

# By name: the bytes, and words of the reason; None for what is read, as its harm comes to nothing.
DOCUMENTS: dict[str, tuple[bytes, str | None]] = {
    "entities.docx": (_with_entities(_WORD, "word/document.xml"), "entities that multiply"),
    "entities.odt": (_with_entities(_OPEN, "content.xml"), "entities that multiply"),
    "entities.svg": (_SVG.encode(), "an XML document"),
    "deep.docx": (
        packages.docx("<w:sdt>" * 5000 + packages.p(WORDS) + "</w:sdt>" * 5000), "more than 256 deep",
    ),
    "deep.rtf": (b"{\\rtf1 " + b"{" * 100_000 + WORDS.encode() + b"}" * 100_001, "more than 500 deep"),
    "bin.rtf": (b"{\\rtf1 " + WORDS.encode() + b"{\\pict\\bin2000000000 x}}", None),
    "deep.eml": (_nested(1000), "nested too deeply"),
    "head.eml": (_HEAD + WORDS.encode(), None),
    "locked.docx": (with_password(_WORD, "word/document.xml"), "password"),
    "cut.docx": (_WORD[: len(_WORD) // 2], "damaged"),
    "spaces.odt": (packages.odf(f'<text:p>{WORDS}<text:s text:c="2000000000"/></text:p>'), None),
    "objects.pdf": (pdf(*_usual(), filler=1_000_000), None),
    "circle.pdf": (pdf(*_usual(kids=b"[2 0 R 3 0 R]", count=2)), None),
    "count.pdf": (pdf(*_usual(count=2_000_000_000)), None),
    "outline.pdf": (
        pdf(
            *_usual(catalog=b"/Outlines 6 0 R"), b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>",
            b"<</Title(A)/Parent 6 0 R/First 7 0 R/Next 7 0 R/Dest[3 0 R/Fit]>>",
        ), None,
    ),
    "picture.pdf": (
        pdf(
            *list(_usual())[:2], _SHOWN, stream(b"q 600 0 0 700 0 0 cm /X Do Q"),
            stream(bytes(100), _PICTURE),
        ),
        "no words",
    ),
    "packed.pdf": (
        pdf(
            *list(_usual())[:3],
            stream(_PACKED, b"/Filter[/FlateDecode/FlateDecode]"),
            _FONT,
        ), None,
    ),
    "quotes.md": (b">" * 100_000 + b" " + WORDS.encode(), None),
    "seven.eml": (
        _SEVEN + WORDS.encode() + b" +ADw-b+AD4-", None,
    ),
    "nuls.txt": (b"".join(b"%c\0\0" % letter for letter in WORDS.encode()), "binary"),
    "lies.pdf": (_WORD, None),
    "program.docx": (b"MZ" + struct.pack("<I", 7) * 100, "can be read"),
}  # fmt: skip
