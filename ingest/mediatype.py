"""What kind of document are these bytes, and what do they say as text?

The content decides; the name is only a hint, because names lie: web pages saved as ``.txt``, Word files
renamed to ``.html``.
"""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath

from charset_normalizer import from_bytes

from ingest import textkinds
from ingest.formats import CSV, HTML, MARKDOWN, MESSAGE, PDF, PLAIN, RTF, UNKNOWN, XML
from ingest.mixedbytes import in_utf8, in_windows1252, letters_in_utf8, without_utf8
from ingest.packages import kind_of_ole, kind_of_zip
from kb.errors import SourceUnreadable

__all__ = ["CSV", "HTML", "MARKDOWN", "PLAIN", "decode", "decode_as", "media_type"]

# First bytes of formats that people keep in document folders. WHATWG MIME Sniffing, section 6.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"BZh91AY&SY", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x7fELF", "application/x-executable"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"%!PS", "application/postscript"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A PDF may have other bytes before its header (ISO 32000-1, annex H, note 13).
_PDF_WITHIN = 1024
_PDF_HEADER = re.compile(rb"%PDF-\d\.\d")
_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"})
_HTML_NAMES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".asp", ".aspx", ".php"})
_MESSAGE_NAMES = frozenset({".eml", ".mht", ".mhtml", ".emlx"})
_TABLE_NAMES = frozenset({".csv", ".tsv", ".tab"})

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
# Above this share of control characters, what decodes as text is not text: 7-bit binary has 10 % and more,
# text with a stray NUL or two far less.
_MOST_CONTROLS = 0.03
_SAMPLE = 65536


def media_type(content: bytes, name: str = "") -> str:
    """Return the media type of some bytes; ``name``, a file name, only helps to tell kinds of text apart.

    Empty content counts as plain text, and what nobody knows is ``application/octet-stream``. That a type is
    told does not mean that it can be read: ``reader_for`` in the registry knows.
    """
    found = _signed(content)
    if found:
        return found
    encoding = _encoding(content)
    if _is_binary(content, encoding):
        return UNKNOWN
    head = content[:_SAMPLE].decode(encoding, errors="replace").removeprefix("\ufeff")
    return _text_kind(head, PurePosixPath(name.casefold()).suffix)


def _text_kind(head: str, suffix: str) -> str:
    if textkinds.is_page(head):
        return HTML
    if textkinds.is_message(head, named=suffix in _MESSAGE_NAMES):
        return MESSAGE
    if suffix in _MARKDOWN_NAMES:
        return MARKDOWN
    if textkinds.is_drawing(head):
        return "image/svg+xml"
    if textkinds.is_part_of_page(head, named=suffix in _HTML_NAMES):
        return HTML
    if textkinds.is_xml(head):
        return XML
    if textkinds.is_table(head, named=suffix in _TABLE_NAMES):
        return CSV
    return MARKDOWN if textkinds.is_markdown(head) else PLAIN


def _signed(content: bytes) -> str:
    """Return the type that a signature tells, or nothing for what may be text."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return kind_of_zip(content)
    if content.startswith(_OLE):
        return kind_of_ole(content)
    if _PDF_HEADER.search(content, 0, _PDF_WITHIN) and (b"endobj" in content or b"startxref" in content):
        return PDF
    return _signed_further_in(content)


def _signed_further_in(content: bytes) -> str:
    if content[:_PDF_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return RTF
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:12] in {b"heic", b"heix", b"mif1"} else "video/mp4"
    if content[:2] == b"BM" and content[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    return "application/x-tar" if content[257:262] == b"ustar" else ""


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    A byte order mark decides, then UTF-16 without one, UTF-8, and the single-byte encodings of Western
    Europe; any other is detected from a sample. Where UTF-8 and Windows-1252 are mixed, each letter is read
    in its own. Bytes that do not belong become U+FFFD. Raises SourceUnreadable for content that is not text.
    """
    encoding = _encoding(content)
    if _is_binary(content, encoding):
        raise SourceUnreadable("the content is binary, not text")
    return _decoded(content, encoding), encoding


def _decoded(content: bytes, encoding: str) -> str:
    if encoding in {"utf-8", "utf-8-sig"}:
        return in_utf8(content.removeprefix(codecs.BOM_UTF8))
    if encoding == "cp1252":
        return in_windows1252(content)
    return content.decode(encoding, errors="replace")


def decode_as(content: bytes, encoding: str) -> str | None:
    """Return the text in a stated encoding, or None if there is no such encoding or it does not fit.

    Web pages that state ISO-8859-1 mean Windows-1252 (WHATWG Encoding, section 4.2).
    """
    try:
        stated = codecs.lookup(encoding).name
        stated = "cp1252" if stated in {"iso8859-1", "ascii"} else stated
        text = content.decode(stated, errors="replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    if text.count("\ufffd") > len(text) * _MOST_CONTROLS:
        return None
    return in_utf8(content) if stated == "utf-8" else text


def _is_binary(content: bytes, encoding: str) -> bool:
    if encoding.startswith(("utf-16", "utf-32")):
        sample = content[:_SAMPLE].decode(encoding, errors="replace")
        strange = sum(not (char >= " " or char in "\t\n\v\f\r") or char == "\ufffd" for char in sample)
        return strange > max(1, len(sample) * _MOST_CONTROLS)
    strange = len(content) - len(content.translate(None, _CONTROLS))
    return strange > len(content) * _MOST_CONTROLS


def _encoding(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return encoding
    wide = _utf16_without_mark(content)
    if wide:
        return wide
    if _is_utf8(content):
        return "utf-8"
    return _single_byte(content)


def _utf16_without_mark(content: bytes) -> str:
    """Recognise UTF-16 by its NULs: European text has one in nearly every pair, always on the same side."""
    sample = content[:_SAMPLE]
    if len(sample) < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * len(sample) / 2 and even <= 0.05 * odd:
        return "utf-16-le"
    if even > 0.4 * len(sample) / 2 and odd <= 0.05 * even:
        return "utf-16-be"
    return ""


def _is_utf8(content: bytes) -> bool:
    """Return whether this is UTF-8, forgiving a cut, and letters of Windows-1252 if those are fewer."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content[:_SAMPLE].decode("utf-8", errors="replace")
        broken = text.count("\ufffd")
        whole = sum(char > "\x7f" for char in text) - broken
        return whole > 10 * broken or letters_in_utf8(content[:_SAMPLE]) >= max(broken, 1)
    return True


# Spanish and English in the single-byte encodings that are still met: what a right guess makes of high bytes.
_LETTERS = "áéíóúüñÁÉÍÓÚÜÑàâçèêëïîôöäùûãõÇÀÈÉÊÖÄ"
_FITTING = re.compile(
    f"(?<=[a-zA-Z])[{_LETTERS}]|[{_LETTERS}](?=[a-zA-Z])|(?<![a-zA-Z])[¿¡“‘«„](?=\\S)|(?<=\\S)[”»…](?!\\w)"
    "|(?<=[a-zA-Z])’|(?<=\\d)[°º%ª½¼]|[§©®€](?=\\s?\\d)|(?<=[ \\d])[–—](?=[ \\d])|(?<=\\w)—(?=\\w)"
    "|^\\s*[•·–]|(?<= )\u00a0",
    re.M,
)
_FAMILIES = ("cp1252", "mac_roman", "cp850")


def _single_byte(content: bytes) -> str:
    sample = without_utf8(_around_high_bytes(content))
    high = sum(byte > 0x7F for byte in sample)
    scores = {name: _share(sample.decode(name, errors="replace"), high) for name in _FAMILIES}
    best = max(_FAMILIES, key=lambda name: scores[name])
    if scores[best] >= 0.5:
        return best
    match = from_bytes(sample).best()
    return match.encoding if match is not None else "cp1252"


def _share(text: str, high: int) -> float:
    return sum(1 for _ in _FITTING.finditer(text)) / max(high, 1)


def _around_high_bytes(content: bytes) -> bytes:
    """Return a sample that has high bytes in it, wherever in a long text they first stand."""
    first = re.search(rb"[\x80-\xff]", content)
    start = max(0, first.start() - 512) if first else 0
    return content[start : start + _SAMPLE]
