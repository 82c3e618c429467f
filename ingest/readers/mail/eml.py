"""How does a mail message become a document, and which files came with it? (RFC 5322, RFC 2045 to 2049)"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import date
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.parser import BytesParser
from email.utils import collapse_rfc2231_value, parsedate_to_datetime

from ingest.mediatype import decode, decode_as
from ingest.parts import Part
from ingest.readers.mail.message import Message, document_of, pictures_in
from ingest.readers.remedies import OPEN_IN_MAIL
from kb.errors import SourceUnreadable
from kb.model import Document

EML = "message/rfc822"

# One of these stands at the head of every message.
_HEADS = ("from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version")
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
# Messages are forwarded in messages; no one reads further down than this.
_DEEPEST = 20
_LONGEST_HEAD = 20_000
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a message: subject and text, with sender, receivers and date beside it.

    Raises SourceUnreadable for bytes that are no message and for an encrypted one.
    """
    mail = _parsed(content)
    bodies = list(_bodies(mail, 0))
    if not bodies and any(part.get_content_type() in _ENCRYPTED for part in mail.walk()):
        raise SourceUnreadable("the message is encrypted", remedy=OPEN_IN_MAIL)
    sent = _head(mail, "date")
    message = Message(
        subject=_head(mail, "subject"),
        sender=_head(mail, "from"),
        to=_head(mail, "to"),
        copied=_head(mail, "cc"),
        sent=sent,
        dated=_day(sent),
        bodies=tuple((_text(part), part.get_content_subtype() == "html") for part in bodies),
    )
    return document_of(message, media_type=EML, name=name)


def parts(content: bytes) -> Iterator[Part]:
    """Yield the files attached to a message, forwarded messages too; not its text nor the pictures in it."""
    mail = _parsed(content)
    bodies = list(_bodies(mail, 0))
    rich = "".join(_text(part) for part in bodies if part.get_content_subtype() == "html")
    yield from _attached(mail, {id(part) for part in bodies}, 0, shown=pictures_in(rich))


def _attached(mail: Mail, bodies: set[int], depth: int, *, shown: Container[str]) -> Iterator[Part]:
    kind = mail.get_content_type()
    if id(mail) in bodies or depth > _DEEPEST or kind in _SIGNATURES:
        return
    if kind == "message/rfc822" and mail.is_multipart():
        inner = mail.get_payload(0)
        if isinstance(inner, Mail):
            subject = _plain(_head(inner, "subject"))
            yield Part(_name(mail) or f"{subject or 'message'}.eml", _written(inner))
    elif mail.is_multipart():
        for part in mail.get_payload():
            if isinstance(part, Mail) and not (kind == "multipart/alternative" and not _is_attachment(part)):
                yield from _attached(part, bodies, depth + 1, shown=shown)
    elif not _is_inline(mail, shown) and (name := _name(mail)):
        payload = mail.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            yield Part(name, payload)


def _bodies(mail: Mail, depth: int) -> Iterator[Mail]:
    """Yield the parts that are the text of a message: of two forms of it the richer one."""
    kind = mail.get_content_type()
    if depth > _DEEPEST or _is_attachment(mail):
        return
    if not mail.is_multipart():
        if mail.get_content_maintype() == "text" and kind in {"text/plain", "text/html"}:
            yield mail
        return
    if kind.startswith("message/"):
        return
    inner = [part for part in mail.get_payload() if isinstance(part, Mail)]
    if kind == "multipart/alternative":
        forms = [found for part in inner if (found := list(_bodies(part, depth + 1)))]
        said = [form for form in forms if any(_text(part).strip() for part in form)]
        rich = [form for form in said if any(part.get_content_subtype() == "html" for part in form)]
        yield from (rich or said or [[]])[-1]
    else:
        # What belongs together, and what is signed, has its text in front.
        first = inner[:1] if kind in {"multipart/related", "multipart/signed"} else inner
        for part in first:
            yield from _bodies(part, depth + 1)


def _parsed(content: bytes) -> Mail:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in content[:64]:
        content = decode(content)[0].removeprefix("\ufeff").encode("utf-8")
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        mail = BytesParser().parsebytes(content)
    except RecursionError as error:
        raise SourceUnreadable("its messages are nested too deeply in one another to be followed") from error
    except (MessageError, ValueError, LookupError) as error:
        raise SourceUnreadable("the mail message is damaged") from error
    if not any(head in mail for head in _HEADS):
        raise SourceUnreadable("this is not a mail message: it has no sender, receiver, subject or date")
    return mail


def _head(mail: Mail, name: str) -> str:
    stated = mail.get(name)
    if stated is None:
        return ""
    # To decode a line of many encoded words takes time with the square of their number.
    stated = str(stated)[:_LONGEST_HEAD]
    try:
        return " ".join(str(make_header(decode_header(stated))).split())
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return " ".join(str(stated).split())


def _day(sent: str) -> date | None:
    try:
        return parsedate_to_datetime(sent).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _text(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_param("charset")
    stated = collapse_rfc2231_value(charset) if charset else ""
    known = decode_as(payload, stated.strip("\"' ")) if stated else None
    text = known if known is not None else payload.decode("utf-8", "replace")
    return _unfolded(text) if part.get_param("format") == "flowed" else text


def _unfolded(text: str) -> str:
    """Join lines that were broken for sending: they end in a space (RFC 3676)."""
    return re.sub(r"(?<!^-- )(?<= )\r?\n(?![>\r\n])", "", text, flags=re.M)


def _name(part: Mail) -> str:
    """Return the file name of a part, decoded and without any folder."""
    try:
        stated = part.get_filename() or ""
        stated = str(make_header(decode_header(stated)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        stated = str(part.get_param("name") or "")
    return _plain(stated.replace("\\", "/").rpartition("/")[2])


def _plain(name: str) -> str:
    """Return a name without what no file system takes."""
    return " ".join(_UNSAFE.sub(" ", name).split())


def _is_attachment(part: Mail) -> bool:
    if part.get_content_disposition() == "attachment":
        return True
    return bool(_name(part)) and not part.is_multipart()


def _is_inline(part: Mail, shown: Container[str]) -> bool:
    """Return whether this is a picture shown in the text, whatever the program that sent it calls it."""
    if part.get_content_maintype() != "image":
        return False
    identifier = str(part.get("content-id", "")).strip().strip("<>")
    if identifier in shown or part.get_content_disposition() == "inline":
        return True
    return bool(identifier) and part.get_content_disposition() != "attachment"


def _written(mail: Mail) -> bytes:
    try:
        return mail.as_bytes()
    except (MessageError, UnicodeError, LookupError, ValueError, KeyError):
        return mail.as_string().encode("utf-8", "replace")
