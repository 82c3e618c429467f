"""How is a passage cited in a memo, a bibliography, a program? One function a style."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote as percent

from kb.model import Citation, Document, Passage
from kb.text import canonical_line
from webapp.presenters import selectors_json

# Words at either end of a text fragment: enough to be found, short enough to stand in an address.
_FRAGMENT_WORDS = 6
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        # BibTeX counts braces whether or not a backslash stands before them.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        **{char: f"\\{char}" for char in "#$%&_"},
    }
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$])")
# What makes a list, a heading or a rule of a line (https://spec.commonmark.org/0.31.2/, 4 and 5).
_BEGINS = re.compile(r"^(\d{0,9})([-=.)])", re.MULTILINE)
_INDENTED = re.compile(r"^ +", re.MULTILINE)
_MONTHS = ("January February March April May June July August September October November December").split()


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with what its document states of itself, and the whole address of its link."""

    citation: Citation
    document: Document
    link: str

    @property
    def passage(self) -> Passage:
        """Return the passage that is cited."""
        return self.citation.passage

    @property
    def title(self) -> str:
        """Return the document's title on one line."""
        return canonical_line(self.document.title)

    @property
    def fetched(self) -> date:
        """Return the day on which the document was fetched."""
        return self.citation.revision.fetched_at.date()

    @property
    def place(self) -> str:
        """Return the page as scholars write it ("p. 3", "pp. 3–4"); empty without pages."""
        pages = self.passage.pages
        if pages is None:
            return ""
        numbers = f"{pages[0]}" if pages[0] == pages[1] else f"{pages[0]}–{pages[1]}"
        label = self.passage.page_label
        one = pages[0] == pages[1]
        if label and not re.fullmatch(r"[\w.–-]{1,12}", label):
            return f"“{label}”"
        return f"{'p.' if one else 'pp.'} {label or numbers}"


def plain(cited: Cited) -> str:
    """Return a sentence that anyone can follow: the words, the document, the page, the day, the link."""
    stated = [part for part in (cited.document.author, _day(cited.document.dated)) if part]
    where = [cited.title, cited.place, *stated]
    return (
        f"“{canonical_line(cited.passage.text)}” ({', '.join(part for part in where if part)}; "
        f"fetched {_day(cited.fetched)}). {cited.link}"
    )


def apa(cited: Cited) -> str:
    """Return a reference in the manner of the APA's seventh edition (https://apastyle.apa.org/)."""
    issued = cited.document.dated
    when = f"{issued.year}, {_MONTHS[issued.month - 1]} {issued.day}" if issued else "n.d."
    place = f" ({cited.place})" if cited.place else ""
    retrieved = f"Retrieved {_MONTHS[cited.fetched.month - 1]} {cited.fetched.day}, {cited.fetched.year}"
    author = cited.document.author
    if author:
        return f"{author.rstrip('.')}. ({when}). {cited.title}{place}. {retrieved}, from {cited.link}"
    return f"{cited.title}{place}. ({when}). {retrieved}, from {cited.link}"


def bibtex(cited: Cited) -> str:
    """Return a BibTeX entry; what TeX would take for a command is escaped."""
    issued = cited.document.dated
    fields = {
        "title": f"{{{cited.title.translate(_TEX)}}}",
        "author": f"{{{cited.document.author.translate(_TEX)}}}" if cited.document.author else "",
        "year": str(issued.year) if issued else "",
        "month": str(issued.month) if issued else "",
        "pages": cited.place.removeprefix("pp. ").removeprefix("p. ").replace("–", "--").translate(_TEX),
        "url": cited.link,
        "urldate": cited.fetched.isoformat(),
        "note": f"sha256 {cited.citation.revision.sha256}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{kb-{cited.passage.id},", *lines, "}"]) + "\n"


def csl_json(cited: Cited) -> str:
    """Return CSL-JSON (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html)."""
    web = cited.citation.source.uri.startswith(("http://", "https://"))
    entry: dict[str, Any] = {
        "id": f"kb-{cited.passage.id}",
        "type": "webpage" if web else "document",
        "title": cited.title,
        "URL": cited.link,
        "accessed": {"date-parts": [_parts(cited.fetched)]},
        "archive": cited.citation.source.collection,
        "note": f"sha256 {cited.citation.revision.sha256}",
    }
    if cited.document.author:
        entry["author"] = [{"literal": cited.document.author}]
    if cited.document.dated:
        entry["issued"] = {"date-parts": [_parts(cited.document.dated)]}
    if cited.place:
        entry["page"] = cited.place.removeprefix("pp. ").removeprefix("p. ")
    return json.dumps([entry], ensure_ascii=False, indent=2) + "\n"


def markdown(cited: Cited) -> str:
    """Return the words as a Markdown quotation, and a link; nothing of the words is taken as markup."""
    lines = [f"> {_escaped(line)}".rstrip() for line in cited.passage.text.split("\n")]
    named = ", ".join(part for part in (cited.title, cited.place) if part)
    return "\n".join([*lines, "", f"[{_escaped(named)}]({cited.link})", ""])


def email(cited: Cited) -> str:
    """Return the words quoted as mail does, with the link below."""
    lines = [f"> {line}".rstrip() for line in cited.passage.text.split("\n")]
    named = ", ".join(part for part in (cited.title, cited.place) if part)
    return "\n".join([*lines, "", named, cited.link, ""])


def annotation(cited: Cited) -> str:
    """Return a W3C Web Annotation as JSON-LD (https://www.w3.org/TR/annotation-model/)."""
    selectors = selectors_json(cited.citation)
    if cited.passage.pages and cited.document.media_type == "application/pdf":
        selectors.append(
            {
                "type": "FragmentSelector",
                "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
                "value": f"page={cited.passage.pages[0]}",
            }
        )
    body = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": cited.link,
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {
            "source": cited.citation.source.uri,
            "state": {"type": "TimeState", "sourceDate": f"{cited.fetched.isoformat()}T00:00:00Z"},
            "selector": selectors,
        },
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def text_fragment(uri: str, text: str) -> str:
    """Return the address of a web page opened at these words.

    See https://wicg.github.io/scroll-to-text-fragment/.

    Returns "" for a source that is no web page.
    """
    if not uri.startswith(("http://", "https://")):
        return ""
    # One block only: a fragment's words must not run over the edge of an element.
    lines = [line for line in text.split("\n") if line.strip()]
    words = max(lines, key=len).split() if lines else []
    if not words:
        return uri
    if len(words) <= 2 * _FRAGMENT_WORDS:
        wanted = _encoded(words)
    else:
        wanted = f"{_encoded(words[:_FRAGMENT_WORDS])},{_encoded(words[-_FRAGMENT_WORDS:])}"
    page, _, fragment = uri.partition("#")
    return f"{page}#{fragment}:~:text={wanted}"


def _escaped(text: str) -> str:
    text = _BEGINS.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text))
    return _INDENTED.sub(lambda found: "&nbsp;" * len(found[0]), text)


def _encoded(words: list[str]) -> str:
    # "-" and "," part the parts of a directive; percent-encoded they are words.
    return percent(" ".join(words), safe="").replace("-", "%2D")


def _day(day: date | None) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
