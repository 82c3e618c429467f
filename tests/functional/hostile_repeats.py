"""Documents that lead in circles, repeat themselves without end or reach for what is not theirs."""

import base64
import gzip
import io
import stat
import zipfile

from tests.functional.hostile_documents import WORDS, pdf, stream
from tests.ingest.archive_fixtures import zipped
from tests.ingest.readers import packages

_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SAID = f'<text:p xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{WORDS}</text:p>'


def _outlook() -> bytes:
    wide = {f"__substg1.0_{tag}001F": text.encode("utf-16-le") for tag, text in
            (("0037", "Desk"), ("0C1A", "Ana Ruiz"), ("1000", WORDS * 200))}  # fmt: skip
    return packages.compound({"__properties_version1.0": bytes(32), **wide})


def _circling(container: bytes, sector: int) -> bytes:
    """Return an old Office container in which what follows on a sector is that sector itself."""
    made = bytearray(container)
    at = len(made) - 512 + 4 * sector
    made[at : at + 4] = sector.to_bytes(4, "little")
    return bytes(made)


def _table_of_circles(container: bytes) -> bytes:
    """Return an old Office container whose every sector follows on the first one."""
    return container[:-512] + bytes(512)


def xlsx(rows: str) -> bytes:
    """Return a workbook of one sheet with these rows."""
    return packages.zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="a"'
            f' Type="{_KIND}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {_SHEET} xmlns:r="{_KIND}"><sheets>'
            '<sheet name="Desk" sheetId="1" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="a"'
            f' Type="{_KIND}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {_SHEET}><sheetData>{rows}</sheetData></worksheet>",
        }
    )


def _cell(place: str, words: str = WORDS, formula: str = "") -> str:
    return f'<c r="{place}" t="str">{formula}<v>{words}</v></c>'


def _ods(rows: str) -> bytes:
    return packages.odf(f'<table:table table:name="Desk">{rows}</table:table>', "spreadsheet")


def epub(spine: str, *, chapters: int = 1) -> bytes:
    """Return a book of so many chapters with this spine."""
    items = "".join(
        f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(chapters)
    )
    return packages.zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles>'
            "</container>",
            "p.opf": f'<package><manifest>{items}<item id="lost" href="lost.xhtml"'
            f' media-type="application/xhtml+xml"/></manifest><spine>{spine}</spine></package>',
            "0.xhtml": f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{WORDS}</p></body></html>",
        }
    )


def _in_one_another(times: int) -> bytes:
    """Return an archive in an archive, and so on: one that holds itself has no end at all."""
    inner = zipped({"desk.txt": WORDS})
    for number in range(times):
        inner = zipped({f"{number}.zip": inner})
    return inner


def _forwarded(times: int) -> bytes:
    mail = b"From: a@agency.org\nSubject: The first\n\n" + WORDS.encode() + b"\n"
    for number in range(times):
        mail = b"From: a@agency.org\nSubject: Forward %d\nContent-Type: message/rfc822\n\n%s" % (number, mail)
    return mail


def with_link() -> bytes:
    """Return an archive with a file and a symbolic link to one of the machine's."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("desk.txt", WORDS)
        link = zipfile.ZipInfo("secrets.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return kept.getvalue()


def _mailed(name: str, content: bytes) -> bytes:
    return (
        b"From: a@agency.org\nSubject: Desk\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\n" + WORDS.encode() + b"\n--b\nContent-Type: application/gzip\n"
        b"Content-Disposition: attachment; filename=" + name.encode()
        + b"\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(content) + b"\n--b--\n"
    )  # fmt: skip


def _elsewhere() -> bytes:
    """Return a Word document whose parts, pictures and template stand on another machine."""
    parts = packages.parts_of(packages.docx(packages.p(WORDS) + '<w:altChunk r:id="x"/>'))
    outside = "".join(
        f'<Relationship Id="{name}" Type="{_KIND}/{kind}" TargetMode="External" Target="{target}"/>'
        for name, kind, target in (
            ("x", "aFChunk", "http://127.0.0.1:9/chunk.html"),
            ("y", "attachedTemplate", "file:///etc/passwd"),
            ("z", "footnotes", "../../../../etc/passwd"),
            ("s", "styles", "\\\\server\\share\\styles.xml"),
        )
    )
    parts["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{_RELATIONS}">{outside}</Relationships>'
    return packages.zipped(parts)


def _pdf(xref: bytes) -> bytes:
    """Return a PDF whose table of places says that an earlier one stands elsewhere."""
    content = pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(b"BT /F 12 Tf 72 700 Td (" + WORDS.encode() + b") Tj ET"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    start = content.rindex(b"startxref\n") + 10
    own = content[start : content.rindex(b"\n%%EOF")]
    return content.replace(b"trailer<<", b"trailer<<" + xref % own)


_LOOPED_FORM = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
)
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</X 6 0 R>>>>"
_PAGES = b"<</Type/Catalog/Pages 2 0 R>>"
_SHARED = "<f t='shared' ref='A1:XFD1048576' si='0'>A1+1</f>"
_WIDE = "".join(_cell("", f"Desk {number} answers at night") for number in range(16_384)).replace(' r=""', "")

# By name: the bytes, and words of the reason; None for what is read, as its harm comes to nothing.
REPEATS: dict[str, tuple[bytes, str | None]] = {
    "circle.msg": (_circling(_outlook(), 30), None),
    "circles.msg": (_table_of_circles(_outlook()), None),
    "cut.msg": (_outlook()[:9000], "old Office file"),
    "columns.xlsx": (xlsx(f"<row>{_WIDE}</row>" * 3), None),
    "corner.xlsx": (xlsx(f'<row r="1048576">{_cell("XFD1048576")}</row>'), None),
    "beyond.xlsx": (xlsx(f'<row r="999999999">{_cell("ZZZ9999999")}</row>'), None),
    "shared.xlsx": (
        xlsx('<row r="1">' + _cell("A1", formula=_SHARED) + "</row>"), None,
    ),
    "blank.ods": (
        _ods(
            '<table:table-row table:number-rows-repeated="999999999"><table:table-cell/></table:table-row>'
            f"<table:table-row><table:table-cell>{_SAID}</table:table-cell></table:table-row>"
        ), None,
    ),
    "commas.csv": (b"desk,at night\n" + b"," * 3_000_000 + WORDS.encode(), None),
    "quote.csv": (b'desk,"at night' + b"," * 2_000_000 + WORDS.encode(), None),
    "spine.epub": (epub('<itemref idref="c0"/>' * 100_000), "200 times its size"),
    "lost.epub": (epub('<itemref idref="c0"/><itemref idref="lost"/><itemref idref="none"/>'), None),
    "nothing.epub": (epub('<itemref idref="lost"/>'), "no words"),
    "link.zip": (with_link(), None),
    "gzip.eml": (_mailed("desk.txt.gz", gzip.compress(WORDS.encode())), None),
    "forwarded.eml": (_forwarded(50), None),
    "itself.zip": (_in_one_another(60), None),
    "backslash.zip": (zipped({"..\\..\\..\\over.txt": WORDS, "\\\\server\\share\\far.txt": WORDS}), None),
    "elsewhere.docx": (_elsewhere(), None),
    "brackets.md": (b"[" * 15_000 + b" " + WORDS.encode(), None),
    "stars.md": (b"***a " * 10_000 + WORDS.encode(), None),
    "links.md": (b"[a](" * 10_000 + WORDS.encode(), None),
    "ticks.md": (b"".join(b"e" + b"`" * n for n in range(1, 1500)) + WORDS.encode(), None),
    "bangs.md": (b"![[]()" * 4_000 + WORDS.encode(), None),
    "items.md": (b"".join(b" " * n + b"* a\n" for n in range(1000)) + WORDS.encode(), None),
    "notes.md": (b"[^1]: [^1] " * 4_000 + b"\n\n" + WORDS.encode() + b"[^1]", None),
    "xref.pdf": (_pdf(b"/Prev %s "), None),
    "prev.pdf": (_pdf(b"/Prev 99999999999/XRefStm %s "), None),
    "form.pdf": (
        pdf(
            _PAGES, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", _LOOPED_FORM,
            stream(b"BT /F 12 Tf 72 700 Td (" + WORDS.encode() + b") Tj ET /X Do"),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", stream(b"/X Do", _FORM),
        ), None,
    ),
    "parent.pdf": (pdf(_PAGES, b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"), "damaged"),
}  # fmt: skip
