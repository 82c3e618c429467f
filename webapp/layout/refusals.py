"""Why was a document refused, in the language of the page?

Readers give their reasons in English, with names and figures in them, and so the catalog keeps them. Here
stand the sentences that they make, each with its places for names and figures; what matches one is said in
the language of the page, and anything else stays as it is.
"""

from __future__ import annotations

import functools
import re

from flask_babel import get_locale, gettext
from markupsafe import Markup

from ingest.formats import CALLED

# The more exact sentence stands before the one that would match it too.
REASONS = (
    "index %(number)s is live",
    "the content is binary, not text",
    "there are no words in %(name)s but those of its files",
    "the file is damaged or cut off",
    "it holds more files than the limit of %(number)s",
    "it unpacks to %(size)s MB, more than the limit of %(limit)s MB",
    "it unpacks to more than the limit of %(limit)s MB",
    "%(name)s in it unpacks to more than %(number)s times its size, "
    "as archives do that are made to fill disks",
    "it is a link to another file, not a document",
    "files in it lie over one another",
    "the archive holds no files",
    "the archive is locked with a password",
    "the file is locked with a password",
    "the Word, Excel or PowerPoint file is locked with a password",
    "it cannot be unpacked: %(why)s",
    "the file is larger than the limit of %(limit)s MB",
    "the page is larger than the limit of %(limit)s MB",
    "%(name)s is locked with a password, and none that is known opens it",
    "the document has more than %(number)s characters",
    "the document has no words",
    "the document cannot be stored: %(why)s",
    "it is an archive or message in too many others",
    "%(name)s is a link to a file that is not there",
    "%(name)s is a link to a file outside the watched folder",
    "%(name)s does not exist",
    "%(name)s is not a file",
    "it seems to be %(kind)s; such files cannot be read",
    "it seems to be %(kind)s; what can be read: %(kinds)s",
    "the collection %(name)s already has %(place)s, from %(other)s",
    "unexpected error while reading: %(why)s",
    "reading it took longer than the limit of %(number)s seconds",
    "reading it took more memory than the limit of %(limit)s MB",
    "what was read in it is larger than the limit of %(limit)s MB",
    "the reader came to a sudden end over it (%(why)s)",
    "its parts are nested too deeply in one another to be followed",
    "its messages are nested too deeply in one another to be followed",
    "reading was broken off",
    "%(part)s in the %(kind)s nests its elements more than %(number)s deep",
    "a chapter of the EPUB book nests its elements more than %(number)s deep",
    "%(part)s in the %(kind)s holds more than %(number)s MB in one piece",
    "%(part)s in the %(kind)s uses entities that multiply, as in texts made to fill memory",
    "%(part)s in the %(kind)s unpacks to more than %(limit)s MB",
    "%(part)s in the %(kind)s is damaged: it is not XML",
    "%(part)s is damaged: it is not XML",
    "the %(kind)s is locked with a password",
    "the %(kind)s has more than %(number)s parts",
    "this is not a whole %(kind)s: its archive is damaged",
    "this is not a whole %(kind)s: its container is damaged",
    "this is not a whole %(kind)s: its package document is missing",
    "this is not a whole %(kind)s: %(part)s is missing",
    "the %(kind)s is damaged: %(part)s cannot be unpacked",
    "the %(kind)s is damaged: its parts cannot be read",
    "the %(kind)s is damaged: its sheets cannot be read",
    "the %(kind)s is damaged, or older than Excel 97",
    "%(name)s has more than %(number)s tags",
    "the page cannot be parsed as HTML",
    "this is not an Outlook message: it has no properties",
    "the message is encrypted",
    "this is not a mail message: it has no sender, receiver, subject or date",
    "the mail message is damaged",
    "this is not a Rich Text document: it does not begin like one",
    "the Rich Text document nests its groups more than %(number)s deep",
    "the text of the Outlook message is damaged",
    "the EPUB book is locked by rights management",
    "%(name)s is a damaged PDF: its pages cannot be found",
    "%(name)s is not a PDF, whatever its name says",
    "%(name)s is locked with a password",
    "%(name)s is encrypted in a way that is not known here",
    "%(name)s is a PDF without pages, or too damaged to find them",
    "%(name)s has no words: its pages are blank or hold pictures without text",
    "%(name)s has no text that can be read, only pictures of it",
    "%(name)s cannot be read: page %(page)s: its text layer has no meaning, "
    "and what Tesseract reads there makes no sense",
    "%(name)s cannot be read: page %(page)s: no text layer, and what Tesseract reads there makes no sense",
    "%(name)s cannot be read: page %(page)s: damaged, it cannot be read",
    "%(name)s cannot be read: %(why)s",
    "%(name)s has no words, only signs such as dashes and dots",
    "%(name)s has no words",
    "the stored copy %(name)s of a document is missing",
    "the stored copy %(name)s of a document is damaged",
    "%(host)s asks to be left alone for %(number)s seconds",
    "%(host)s cannot be reached: %(why)s",
    "%(host)s took longer than %(number)s seconds",
    "%(host)s gave no answer: %(why)s",
    "%(page)s asks not to be kept by search programs (noindex)",
    "%(host)s leads round in circles: more than %(number)s redirects",
    "%(host)s answered with status %(number)s",
    "%(host)s redirects to nowhere",
    "there is no page at %(page)s (status %(number)s)",
    "%(host)s does not show the page to us (status %(number)s)",
    "%(host)s is busy (status %(number)s)",
    "%(host)s asks programs not to read %(page)s (robots.txt)",
    "there is no host %(host)s",
    "%(host)s is inside this network (%(why)s)",
    "the sitemap unpacks to more than %(limit)s MB",
    "the sitemap is not sound XML: %(why)s",
    "no picture was made of the page",
    "only pages of a PDF can be drawn",
    "a reading process could not be started; its errors stand above",
    "the PDF has %(number)s pages; there is no page %(page)s",
    "a stored document cannot be read: %(why)s",
    "the folder %(name)s is not there; its %(number)s documents are kept",
    "the folder %(name)s is empty; its %(number)s documents are kept",
    "%(gone)s of %(number)s files in %(name)s are gone; their documents are kept",
    "%(host)s says that nothing changed, though it was not asked that",
    "%(page)s leads to %(other)s",
    "port %(number)s of %(host)s may not be asked",
    "the sitemap declares a document type, which none needs",
    "the sitemap is packed and damaged",
    "the sitemap is nested too deeply",
    "the address is longer than %(number)s characters: %(page)s",
    "%(page)s is neither http nor https",
    "the address of %(host)s holds a user name or password",
    "%(page)s is not a web address",
    "%(page)s names no host",
    # What a document says that could not be read of it while the rest was.
    "page %(page)s: damaged, it cannot be read",
    "page %(page)s: no text layer; install tesseract-ocr",
    "page %(page)s: its text layer has no meaning; install tesseract-ocr",
    "page %(page)s: hardly any text on a scanned page; install tesseract-ocr",
    "page %(page)s: no text layer, and what Tesseract reads there makes no sense",
    "page %(page)s: its text layer has no meaning, and what Tesseract reads there makes no sense",
    "page %(page)s: hardly any text on a scanned page, and what Tesseract reads there makes no sense",
    "page %(page)s: its text layer has no meaning, and Tesseract reads nothing there",
    "page %(page)s: %(why)s, and Tesseract could not read it",
    "page %(page)s: %(why)s; recognising the pages before it took all the time there is",
    "sheet “%(name)s” is too long: only its first %(number)s rows were read",
    "sheet “%(name)s” is too wide: of some rows only %(number)s cells were read",
    "the table is too long: only its first %(number)s rows were read",
    "the table is too wide: of some rows only %(number)s cells were read",
    "%(number)s formulas have no saved result; open the workbook, save it, ingest it again",
    "hidden sheets were left out: %(names)s",
    "hidden slides were left out: %(names)s",
    "hidden rows or columns were left out of: %(names)s",
    "chapters that are not in the book: %(number)s",
    "the message is damaged: parts of it may be missing",
    "the host %(host)s is an oddly written network address",
)
# What stands in the places of these sentences and has words of its own.
KINDS = (
    *CALLED,
    *(
        "Word document",
        "PowerPoint presentation",
        "Excel workbook",
        "OpenDocument text",
        "OpenDocument presentation",
        "OpenDocument spreadsheet",
        "EPUB book",
        "Outlook message",
        "the document",
        "the page",
        "an archive",
        "no text layer",
        "its text layer has no meaning",
        "hardly any text on a scanned page",
    ),
)
# Remedies that are given where an error is raised.
REMEDIES = (
    "Split the document, or raise KB_READ_SECONDS.",
    "Split the document, or raise KB_READ_MEMORY_MB.",
    "Split the document, or raise KB_READ_OUTPUT_MB.",
    "Unpack it and ingest what is in it, or raise KB_MAX_UNPACKED_MB.",
    "Unpack it and ingest what is in it, or raise KB_MAX_PARTS.",
    "Unpack it and ingest what is in it, or raise KB_MAX_NESTING.",
    "Unpack it yourself, look at what is in it, and ingest the documents.",
    "Give one of the two libraries a name of its own with --collection.",
    "Copy or download it again.",
    "Leave it out, or raise KB_MAX_FILE_MB.",
    "Check the address and the network connection.",
    "Ask those who run the site to split it.",
    "Allow it with KB_WEB_PORTS.",
    "Start from there, if that site is meant.",
    "Leave it out: addresses are shown with every answer.",
)
_PLACE = re.compile(r"%\((\w+)\)s")


def refusal(reason: str) -> Markup:
    """Return why a document was refused in the language of the page, or else marked as English."""
    said = in_page_language(reason)
    if said is None and str(get_locale() or "en") != "en":
        return Markup('<bdi lang="en">{}</bdi>').format(sentence(reason))
    return Markup("<bdi>{}</bdi>").format(sentence(said or reason))


def in_page_language(reason: str) -> str | None:
    """Return a reason in the language of the page, or None if nobody translated it."""
    for template, pattern in _patterns():
        if found := pattern.fullmatch(reason):
            places = {name: _value(value) for name, value in found.groupdict().items()}
            return str(gettext(template) % places)
    return None


def sentence(text: str) -> str:
    """Return a message of an error as a sentence; a file name at its start stays as it is."""
    if text.split(" ", 1)[0].isalpha():
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _value(value: str) -> str:
    """Return what stands in a place: kinds of files translated, names and figures as they are."""
    kinds = [value] if value in KINDS else value.split(", ")
    if not set(kinds) <= set(KINDS):
        return value
    return ", ".join(gettext(kind) for kind in kinds)


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, _pattern(template)) for template in REASONS)


def _pattern(template: str) -> re.Pattern[str]:
    parts = _PLACE.split(template)
    pieces = [re.escape(part) if at % 2 == 0 else f"(?P<{part}>.+?)" for at, part in enumerate(parts)]
    return re.compile("".join(pieces), re.DOTALL)
