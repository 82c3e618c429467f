"""What stands in Rich Text as Outlook packs it? (MS-OXRTFCP)"""

from __future__ import annotations

import struct

from kb.errors import SourceUnreadable

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
# The text that every packed one may point back to, given in MS-OXRTFCP 2.1.3.1.3.
_PRELOADED = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096


def unpacked(content: bytes) -> bytes:
    """Return the Rich Text; raises SourceUnreadable for bytes that were not packed so."""
    if len(content) < 16:
        raise SourceUnreadable("the text of the Outlook message is damaged")
    _, size, kind, _ = struct.unpack_from("<IIII", content)
    if kind == _PLAIN:
        return content[16 : 16 + size]
    if kind != _COMPRESSED:
        raise SourceUnreadable("the text of the Outlook message is damaged")
    window = bytearray(_PRELOADED.ljust(_WINDOW, b" "))
    write, found, at = len(_PRELOADED), bytearray(), 16
    while at < len(content):
        flags = content[at]
        at += 1
        for bit in range(8):
            if at >= len(content):
                break
            if not flags >> bit & 1:
                copied = content[at : at + 1]
                at += 1
            else:
                reference = int.from_bytes(content[at : at + 2], "big")
                at += 2
                start, length = reference >> 4, (reference & 15) + 2
                if start == write:
                    return bytes(found)
                copied = _copied(window, start, write, length)
            for byte in copied:
                window[write] = byte
                write = (write + 1) % _WINDOW
            found += copied
    return bytes(found)


def _copied(window: bytearray, start: int, write: int, length: int) -> bytes:
    """Return bytes from the window, which may run into those that they are."""
    distance = (write - start) % _WINDOW or _WINDOW
    seen = bytes(window[(start + step) % _WINDOW] for step in range(min(length, distance)))
    return (seen * (length // len(seen) + 1))[:length]
