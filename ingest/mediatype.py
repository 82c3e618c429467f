"""What kind of document are these bytes, and what do they say as text?

The content decides; the name is only a hint, because names lie: web pages saved as ``.txt``, Word files
renamed to ``.html``.
"""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath

from charset_normalizer import from_bytes

from kb.errors import SourceUnreadable, UnknownFormat

PLAIN, MARKDOWN, HTML = "text/plain", "text/markdown", "text/html"
READABLE = "plain text, Markdown and HTML can be read"

# First bytes of formats that people keep in document folders. WHATWG MIME Sniffing, section 6.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel, PowerPoint or Outlook file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"%!PS", "a PostScript document"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
)
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"opendocument.text", "an OpenDocument text"),
    (b"opendocument", "an OpenDocument file"),
    (b"application/epub+zip", "an EPUB book"),
)
_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"})
_HTML_NAMES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".asp", ".aspx", ".php"})

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
# Above this share of control characters, what decodes as text is not text: 7-bit binary has 10 % and more,
# text with a stray NUL or two far less.
_MOST_CONTROLS = 0.03
_HEAD = 4096
_SAMPLE = 65536

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|style|link|iframe"
    r"|h[1-6]|div|font|table|p|article|section|main|ul|ol|center|base)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_HTML_WHOLE = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|svg|rss|feed)\b", re.IGNORECASE)
_MARKDOWN_SIGNS: tuple[re.Pattern[str], ...] = (
    re.compile(r"^#{1,6} \S.*$", re.M),
    re.compile(r"(?<![\w*])\*\*[^\s*][^*\n]{0,200}\*\*(?![\w*])|(?<![\w_])__[^\s_][^_\n]{0,200}__(?![\w_])"),
    re.compile(r"\[[^\[\]\n]{1,200}\]\((?:https?:|mailto:|/|#|\.)[^()\s]{0,500}\)"),
    re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,500}>"),
    re.compile(r"^(?:```|~~~)\w*$", re.M),
    re.compile(r"^\|?(?: *:?-{3,}:? *\|)+ *(?::?-{3,}:?)? *$", re.M),
)


def media_type(content: bytes, name: str = "") -> str:
    """Return ``text/plain``, ``text/markdown`` or ``text/html`` for bytes that are one of these.

    ``name`` is a file name or URL path. Empty content counts as plain text. Raises UnknownFormat, saying what
    the bytes seem to be, for everything else.
    """
    label = name or "the document"
    foreign = _foreign(content)
    if foreign:
        raise UnknownFormat(f"{label} seems to be {foreign}; {READABLE}")
    head = _head(content, label)
    suffix = PurePosixPath(name.casefold()).suffix
    if _HTML_WHOLE.match(head):
        return HTML
    if suffix in _MARKDOWN_NAMES:
        return MARKDOWN
    if _HTML_START.match(head) or (suffix in _HTML_NAMES and _TAG.search(head)):
        return HTML
    if _XML.match(head):
        raise UnknownFormat(f"{label} seems to be an XML document; {READABLE}")
    return MARKDOWN if _is_markdown(head) else PLAIN


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    A byte order mark decides, then UTF-16 without one, UTF-8, and the single-byte encodings of Western
    Europe; any other is detected from a sample. Bytes that do not belong become U+FFFD. Raises
    SourceUnreadable for content that is not text.
    """
    encoding = _encoding(content)
    text = content.decode(encoding, errors="replace")
    if _is_binary(content, encoding):
        raise SourceUnreadable(f"the content is binary, not text; {READABLE}")
    return text, encoding


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
    return None if text.count("\ufffd") > len(text) * _MOST_CONTROLS else text


def _foreign(content: bytes) -> str:
    """Return what a signature says the bytes are, or nothing for text."""
    start = content[:16]
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if start.startswith(b"PK\x03\x04"):
        listed = content[:_SAMPLE] + content[-_SAMPLE:]
        return next((kind for mark, kind in _ZIPPED if mark in listed), "a ZIP archive")
    if start[:4] == b"RIFF" and start[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return "an image or a recording"
    if start[4:8] == b"ftyp":
        return "a video or a recording"
    return ""


def _head(content: bytes, label: str) -> str:
    encoding = _encoding(content)
    if _is_binary(content, encoding):
        raise UnknownFormat(f"{label} seems to be a binary file, not text; {READABLE}")
    return content[:_SAMPLE].decode(encoding, errors="replace").removeprefix("\ufeff")


def _is_binary(content: bytes, encoding: str) -> bool:
    if encoding.startswith(("utf-16", "utf-32")):
        sample = content[:_SAMPLE].decode(encoding, errors="replace")
        strange = sum(not (char >= " " or char in "\t\n\v\f\r") or char == "\ufffd" for char in sample)
        return strange > max(1, len(sample) * _MOST_CONTROLS)
    strange = len(content) - len(content.translate(None, _CONTROLS))
    return strange > len(content) * _MOST_CONTROLS


def _is_markdown(head: str) -> bool:
    """Return whether the text is written in Markdown: several headings, or two different signs of it."""
    counts = [sum(1 for _ in sign.finditer(head)) for sign in _MARKDOWN_SIGNS]
    signs = sum(count > 0 for count in counts)
    sections = len(re.findall(r"^\n?#{2,6} \S.*\n(?:\n|$)", head, re.M))
    return signs >= 2 or sections >= 2


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
    """Return whether this is UTF-8, forgiving a cut or a stray byte in what is otherwise UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content[:_SAMPLE].decode("utf-8", errors="replace")
        broken = text.count("\ufffd")
        whole = sum(char > "\x7f" for char in text) - broken
        return whole > 10 * broken
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
    sample = _around_high_bytes(content)
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
