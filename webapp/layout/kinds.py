"""What do people call the type of a document? And what is a type called in an address?"""

from __future__ import annotations

import functools

from flask_babel import gettext

from webapp.i18n import page_language

SHORT = {
    "html": "text/html",
    "text": "text/plain",
    "markdown": "text/markdown",
    "pdf": "application/pdf",
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "powerpoint": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "epub": "application/epub+zip",
    "email": "message/rfc822",
    "csv": "text/csv",
}
"""The media types that have a short name, by this name: ``type=pdf``."""

_BY_MEDIA_TYPE = {media_type: name for name, media_type in SHORT.items()}


def short_name(media_type: str) -> str:
    """Return what a media type is called in an address: its short name, or itself."""
    return _BY_MEDIA_TYPE.get(media_type, media_type)


def media_type(name: str) -> str:
    """Return the media type that a name in an address stands for."""
    return SHORT.get(name.lower(), name)


def kind_name(media_type: str) -> str:
    """Return what people call a type, in the language of the page."""
    return _kind_name(media_type, page_language())


# Files may state any type: those asked for last are remembered.
@functools.lru_cache(maxsize=256)
def _kind_name(media_type: str, _language: str) -> str:
    names = {
        "html": gettext("Web page"),
        "text": gettext("Text"),
        "markdown": gettext("Markdown"),
        "pdf": gettext("PDF"),
        "word": gettext("Word document"),
        "excel": gettext("Excel sheet"),
        "powerpoint": gettext("PowerPoint slides"),
        "odt": gettext("OpenDocument text"),
        "rtf": gettext("RTF document"),
        "epub": gettext("E-book"),
        "email": gettext("E-mail message"),
        "csv": gettext("Table (CSV)"),
    }
    return str(names.get(_BY_MEDIA_TYPE.get(media_type, ""), media_type))
