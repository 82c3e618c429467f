"""Which groups, control words and characters does a Rich Text file consist of? (RTF specification 1.9.1)"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<word>[a-zA-Z]{1,40})(?P<number>-?\d{1,10})? ?"
    rb"|\\(?P<symbol>[^a-zA-Z])|(?P<text>[^\\{}\r\n\x00]+)",
    re.DOTALL,
)
# The code pages of \fcharset.
CHARSETS = {
    0: "cp1252", 2: "symbol", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
# What control words show.
SHOWN = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ",
    "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the file: ``kind`` is open, close, word, symbol, hex or text."""

    kind: str
    text: bytes = b""
    number: int | None = None


def tokens(content: bytes) -> Iterator[Token]:
    """Yield the tokens of a file; the bytes of pictures are left out."""
    at, end = 0, len(content)
    while at < end:
        found = _TOKEN.match(content, at)
        if found is None:
            at += 1
            continue
        at = found.end()
        kind = str(found.lastgroup if found.lastgroup != "number" else "word")
        if kind == "word":
            stated = found["number"]
            number = int(stated) if stated is not None else None
            if found["word"] == b"bin" and number:
                at += max(0, number)
                continue
            yield Token("word", found["word"], number)
        elif kind == "hex":
            yield Token("hex", bytes.fromhex(found["hex"].decode("ascii")))
        else:
            yield Token(kind, found[kind])


def code_page(number: int) -> str:
    """Return the codec of a Windows code page; that of Western Europe for one that is not known."""
    name = {10000: "mac_roman", 65001: "utf-8", 1361: "johab", 936: "gbk", 950: "big5"}.get(
        number, f"cp{number}"
    )
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
