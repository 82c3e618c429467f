"""Which small documents do the tests of the readers read? They are made here, part by part."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from itertools import pairwise

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MORE = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing",
        "presentation": "presentation", "fo": "xsl-fo-compatible", "meta": "meta",
    }.items()
)  # fmt: skip


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return made.getvalue()


def parts_of(package: bytes) -> dict[str, str | bytes]:
    """Return the parts of a ZIP by their paths."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def docx(body: str, *, core: str = "", **parts: str) -> bytes:
    """Return a Word document with a body and parts: styles, numbering, footnotes, endnotes, settings."""
    made: dict[str, str | bytes] = {
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}, core=bool(core)),
        "word/document.xml": f"<w:document {W} {_MORE}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations({name: f"{name}.xml" for name in parts}),
    }
    if core:
        made["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            f' xmlns:dcterms="http://purl.org/dc/terms/">{core}</cp:coreProperties>'
        )
    made.update(
        {f"word/{name}.xml": f"<w:{name} {W} {_MORE}>{inner}</w:{name}>" for name, inner in parts.items()}
    )
    return zipped(made)


def _relations(targets: Mapping[str, str], *, core: bool = False) -> str:
    lines = [
        f'<Relationship Id="{kind}" Type="{_KIND}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    ]
    if core:
        kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
        lines.append(f'<Relationship Id="core" Type="{kind}" Target="docProps/core.xml"/>')
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'


def p(text: str = "", style: str = "", *, more: str = "", run: str = "") -> str:
    """Return a Word paragraph of one run; ``more`` goes into its properties, ``run`` into"
    " those of the run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{more}</w:pPr>" if named or more else ""
    return f"<w:p>{properties}{r(text, run)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """Return a Word run."""
    stated = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{stated}<w:t xml:space="preserve">{text}</w:t></w:r>'


def style(identifier: str, name: str, more: str = "", *, based_on: str = "") -> str:
    """Return a Word paragraph style."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/>{base}{more}</w:style>'
    )


def numbered(depth: int, number: int = 1) -> str:
    """Return the properties that put a paragraph into a list, at a depth from 0."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def odf(body: str, kind: str = "text", *, styles: str = "", automatic: str = "", meta: str = "") -> bytes:
    """Return an OpenDocument file of one kind."""
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content {ODF}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {ODF}><office:styles>{styles}</office:styles>"
            "</office:document-styles>",
            "meta.xml": f'<office:document-meta {ODF} xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an old Office container (MS-CFB) with streams by their path; folders are made as needed."""
    entries: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    inside: dict[int, list[int]] = {0: []}
    known = {"": 0}
    for path, content in streams.items():
        folder = ""
        *above, leaf = path.split("/")
        for name in above:
            below = f"{folder}/{name}"
            if below not in known:
                known[below] = len(entries)
                inside[known[folder]].append(len(entries))
                inside[len(entries)] = []
                entries.append((name, 1, b""))
            folder = below
        inside[known[folder]].append(len(entries))
        # Streams of less than 4,096 bytes are kept in a way of their own, which is not made here.
        filler = b" " if leaf.endswith("0102") else b"\0"
        entries.append((leaf, 2, content.ljust(4096, filler)))
    return _container(entries, inside)


def _container(entries: list[tuple[str, int, bytes]], inside: dict[int, list[int]]) -> bytes:
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
    following = {a: b for children in inside.values() for a, b in pairwise(children)}
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        for step, piece in enumerate(pieces, 1):
            sectors.append(piece)
            chain.append(end if step == len(pieces) else len(sectors))
        return first if pieces else end

    directory = b""
    for at, (name, kind, content) in enumerate(entries):
        encoded = name.encode("utf-16-le") + b"\0\0"
        child = inside.get(at) or [none]
        directory += (
            encoded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(encoded), kind, 1, none, following.get(at, none), child[0])
            + bytes(36)
            + struct.pack("<IQ", put(content) if kind == 2 else 0, len(content))
        )
    start = put(directory)
    table = len(sectors)
    chain.append(0xFFFFFFFD)
    fat = b"".join(struct.pack("<I", link) for link in chain).ljust(512, b"\xff")
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, start, 0, 0, end, 0, end, 0)
        + struct.pack("<I", table)
        + struct.pack("<I", free) * 108
    )
    return head + b"".join(sectors) + fat[:512]
