"""What does a PDF say of its licence and owner? Its metadata packet (XMP, ISO 16684-1) has it.

PDFium does not read it. The packet is XML that stands uncompressed in the file, so that programs which know
nothing of PDF can find it.
"""

from __future__ import annotations

from ingest.readers.shared.rights import rights
from ingest.readers.shared.zipped import local, parsed
from kb.errors import SourceError

_BEGIN, _END = b"<x:xmpmeta", b"</x:xmpmeta>"
# Pictures in a PDF may have packets of their own; only the document's speaks of PDF.
_OF_DOCUMENT = b"http://ns.adobe.com/pdf/"
_MOST_BYTES = 1_000_000
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def stated_rights(content: bytes) -> tuple[tuple[str, str], ...]:
    """Return licence, rights, owner and publisher as the last metadata packet of a PDF states them."""
    end = content.rfind(_END)
    while end >= 0:
        begin = content.rfind(_BEGIN, max(0, end - _MOST_BYTES), end)
        if begin >= 0 and _OF_DOCUMENT in (packet := content[begin : end + len(_END)]):
            return _rights(packet)
        end = content.rfind(_END, 0, end)
    return ()


def _rights(packet: bytes) -> tuple[tuple[str, str], ...]:
    try:
        root = parsed(packet, "the metadata of the PDF")
    except SourceError:
        return ()
    stated: dict[str, list[str]] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            stated.setdefault(str(name).rpartition("}")[2].casefold(), []).append(str(value))
        for field in description:
            values = stated.setdefault(local(field).casefold(), [])
            values += [str(field.get(f"{_RDF}resource", "")), *map(str, field.itertext())]
    return rights(stated)
