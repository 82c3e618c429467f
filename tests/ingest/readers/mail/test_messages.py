from __future__ import annotations

import struct
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.mail import eml, msg
from ingest.readers.richtext.compressed import unpacked
from kb.errors import SourceError, SourceUnreadable
from kb.model import Document
from tests.ingest.readers.packages import compound
from tests.ingest.readers.shape import assert_well_formed

_HEADS = (
    "From: =?utf-8?q?Jos=C3=A9_Ruiz?= <jose@agency.org>\r\nTo: Ana <ana@agency.org>\r\nCc:"
    " team@agency.org\r\n"
    "Subject: =?iso-8859-1?q?Visita_de_ni=F1os?=\r\nDate: Tue, 05 Mar 2024 10:00:00 -0800\r\n"
)


def seen(document: Document) -> list[tuple[str, str]]:
    assert_well_formed(document)
    return [(block.kind.value, document.block_text(block)) for block in document.blocks]


def test_a_message_has_its_subject_as_title_and_its_head_as_particulars() -> None:
    document = eml.read(
        (_HEADS + "\r\nSee you at ten.\r\n\r\n> When do we\r\n> meet?\r\n\r\nAna\r\n").encode()
    )
    assert seen(document) == [
        ("heading", "Visita de niños"),
        ("paragraph", "See you at ten."),
        ("quote", "When do we\nmeet?"),
        ("paragraph", "Ana"),
    ]
    assert (document.title, document.author, document.dated) == (
        "Visita de niños",
        "José Ruiz",
        date(2024, 3, 5),
    )
    assert document.particulars == (
        ("From", "José Ruiz <jose@agency.org>"),
        ("To", "Ana <ana@agency.org>"),
        ("Cc", "team@agency.org"),
        ("Date", "Tue, 05 Mar 2024 10:00:00 -0800"),
    )


def test_a_signature_stands_apart_and_a_short_answer_is_no_heading() -> None:
    said = [
        "Hola Ana:",
        "Vamos el viernes. ¿Está bien?",
        "Ana dijo que sí:",
        "de nada",
        "-- \nJosé Gil\n555-0100",
    ]
    body = "\n\n".join(said)
    found = seen(eml.read((_HEADS + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body).encode()))
    assert ("paragraph", "Vamos el viernes. ¿Está bien?") in found
    assert found[-1][1].startswith("José Gil")
    assert "--" not in found[-1][1]


@pytest.mark.parametrize(
    "head",
    [
        "From: Rosa Gil [mailto:rosa@county.org]\nSent: Monday, March 4, 2024\nTo: José\nSubject: Visit",
        "De: Rosa Gil\nEnviado el: lunes, 4 de marzo de 2024\nPara: José\nAsunto: Visita",
        "-----Original Message-----",
    ],
)
def test_what_outlook_repeats_of_the_message_that_is_answered_is_a_quotation(head: str) -> None:
    body = f"We come on Friday.\n\n{head}\n\nCan you come on Monday?\n"
    found = seen(eml.read((_HEADS + "\r\n" + body).encode()))
    assert ("paragraph", "We come on Friday.") in found
    assert found[-1] == ("quote", "Can you come on Monday?")


def test_a_letter_that_says_whom_it_is_from_is_no_quotation() -> None:
    body = "From: the front desk\n\nThe office moves on Friday.\n"
    assert {kind for kind, _ in seen(eml.read((_HEADS + "\r\n" + body).encode()))} == {"heading", "paragraph"}


def with_files() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Forms", "ana@agency.org"
    mail.set_content("Plain words.")
    mail.add_alternative("<h2>Forms</h2><p>Rich <b>words</b>.</p><img src='cid:logo'>", subtype="html")
    rich = mail.get_payload()[1]  # type: ignore[index]
    rich.add_related(b"picture", "image", "png", cid="<logo>", filename="logo.png")  # type: ignore[union-attr]
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="../año.pdf")
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Older: news", "ben@agency.org"
    inner.set_content("Forwarded words.")
    mail.add_attachment(inner)
    mail.add_attachment("a,b\n1,2\n", subtype="csv", filename="list.csv")
    return mail.as_bytes()


def test_the_richer_form_of_a_text_is_read_and_attachments_are_parts() -> None:
    content = with_files()
    assert seen(eml.read(content)) == [
        ("heading", "Forms"),
        ("heading", "Forms"),
        ("paragraph", "Rich words."),
    ]
    parts = {part.name: part.content for part in eml.parts(content)}
    assert list(parts) == ["año.pdf", "Older news.eml", "list.csv"]
    assert parts["año.pdf"] == b"%PDF-1.4"
    assert "Forwarded words." in eml.read(parts["Older news.eml"]).text


@pytest.mark.parametrize("disposition", ["inline", "attachment"])
def test_pictures_that_the_text_shows_are_no_files_of_their_own(disposition: str) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Visits", "ana@agency.org"
    mail.set_content("<p>See the map.</p><img src='cid:map%40agency'>", subtype="html")
    mail.add_related(
        b"shown", "image", "png", cid="<map@agency>", filename="map.png", disposition=disposition
    )
    mail.add_attachment(b"sent", maintype="image", subtype="png", filename="photograph.png")
    assert [part.name for part in eml.parts(mail.as_bytes())] == ["photograph.png"]


def test_messages_in_messages_without_end_are_refused_as_such() -> None:
    mail = b"From: a@agency.org\n\nThe innermost words.\n"
    for _ in range(1000):
        mail = b"From: a@agency.org\nContent-Type: message/rfc822\n\n" + mail
    with pytest.raises(SourceUnreadable, match="nested too deeply"):
        eml.read(mail)


def test_odd_messages_are_read_all_the_same() -> None:
    assert seen(eml.read(_HEADS.encode())) == [("heading", "Visita de niños")]
    flowed = _HEADS + "Content-Type: text/plain; format=flowed\r\n\r\nOne line that \r\ngoes on.\r\n"
    assert seen(eml.read(flowed.encode()))[1] == ("paragraph", "One line that goes on.")
    wide = (_HEADS + "\r\nWide words.\r\n").encode("utf-16")
    assert seen(eml.read(wide))[1] == ("paragraph", "Wide words.")
    unknown = _HEADS + "Content-Type: text/plain; charset=nonsense\r\n\r\nPlain words.\r\n"
    assert seen(eml.read(unknown.encode()))[1] == ("paragraph", "Plain words.")


def test_what_is_no_message_or_is_encrypted_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="not a mail message"):
        eml.read(b"Just words\n\nand more")
    sealed = _HEADS + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAG"
    with pytest.raises(SourceUnreadable, match="encrypted"):
        eml.read(sealed.encode())


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(content: bytes) -> None:
    for source in (content, _HEADS.encode() + content):
        try:
            assert_well_formed(eml.read(source))
            assert all(part.name for part in eml.parts(source))
        except SourceError:
            continue


def prop(tag: int, kind: int, value: int) -> bytes:
    return struct.pack("<HHIQ", kind, tag, 6, value)


def outlook(**more: bytes) -> bytes:
    ticks = 133_541_136_000_000_000  # 2024-03-05, in tenths of microseconds from 1601
    properties = bytes(32) + prop(0x0039, 0x0040, ticks)
    return compound(
        {
            "__properties_version1.0": properties,
            "__substg1.0_0037001F": "Visita".encode("utf-16-le"),
            "__substg1.0_0C1A001F": "José Ruiz".encode("utf-16-le"),
            "__substg1.0_0C1F001F": "jose@agency.org".encode("utf-16-le"),
            "__substg1.0_0E04001F": "Ana".encode("utf-16-le"),
            **more,
        }
    )


def test_an_outlook_message_is_read_as_any_other() -> None:
    body = {"__substg1.0_1000001F": "See you.\r\n> When?\r\n".encode("utf-16-le")}
    document = msg.read(outlook(**body))
    assert seen(document) == [("heading", "Visita"), ("paragraph", "See you."), ("quote", "When?")]
    assert (document.author, document.dated) == ("José Ruiz", date(2024, 3, 5))
    assert document.particulars[:2] == (("From", "José Ruiz <jose@agency.org>"), ("To", "Ana"))
    markup = {"__substg1.0_10130102": b"<p>Rich words.</p>", **body}
    assert seen(msg.read(outlook(**markup)))[1] == ("paragraph", "Rich words.")


def test_the_files_in_an_outlook_message_are_parts_and_forwarded_messages_too() -> None:
    attached, forwarded, shown = (f"__attach_version1.0_#0000000{number}/" for number in (0, 1, 2))
    inner = f"{forwarded}__substg1.0_3701000D/"
    content = outlook(
        **{
            f"{attached}__properties_version1.0": bytes(8),
            f"{attached}__substg1.0_37010102": b"%PDF-1.4",
            f"{attached}__substg1.0_3707001F": "año.pdf".encode("utf-16-le"),
            f"{inner}__properties_version1.0": bytes(24),
            f"{inner}__substg1.0_0037001F": "Older".encode("utf-16-le"),
            f"{inner}__substg1.0_1000001F": "Forwarded words.".encode("utf-16-le"),
            f"{shown}__properties_version1.0": bytes(8) + prop(0x3714, 3, 4),
            f"{shown}__substg1.0_37010102": b"picture",
            f"{shown}__substg1.0_3707001F": "logo.png".encode("utf-16-le"),
        }
    )
    parts = {part.name: part.content for part in msg.parts(content)}
    assert list(parts) == ["año.pdf", "Older.eml"]
    assert parts["año.pdf"].strip() == b"%PDF-1.4"
    assert "Forwarded words." in eml.read(parts["Older.eml"]).text


def test_pictures_that_an_outlook_message_shows_are_no_files_of_their_own() -> None:
    shown = "__attach_version1.0_#00000000/"
    content = outlook(
        **{
            "__substg1.0_10130102": b"<p>Words.</p><img src='cid:map@agency'>",
            f"{shown}__properties_version1.0": bytes(8),
            f"{shown}__substg1.0_37010102": b"picture",
            f"{shown}__substg1.0_3707001F": "map.png".encode("utf-16-le"),
            f"{shown}__substg1.0_3712001F": "map@agency".encode("utf-16-le"),
        }
    )
    assert list(msg.parts(content)) == []


def test_rich_text_is_unpacked_where_it_is_the_only_form() -> None:
    text = rb"{\rtf1\ansi\pard Packed words, packed words.\par}"
    plain = struct.pack("<IIII", len(text) + 12, len(text), 0x414C454D, 0) + text
    assert unpacked(plain) == text
    # The example of MS-OXRTFCP, 4.1.
    packed = (
        "2d0000002b0000004c5a4675f1c5c7a703000a0072637067313235423 20af32068656c09002062770 5b06c647d0a800fa0"
    )
    assert (
        unpacked(bytes.fromhex(packed.replace(" ", "")))
        == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    )
    assert seen(msg.read(outlook(**{"__substg1.0_10090102": plain})))[1][1] == "Packed words, packed words."
    with pytest.raises(SourceUnreadable):
        unpacked(b"short")


def test_a_container_without_a_message_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="not an Outlook message"):
        msg.read(compound({"WordDocument": b"x"}))
    with pytest.raises(SourceUnreadable, match="container is damaged"):
        msg.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 short")


def test_an_outlook_message_that_leads_in_circles_is_said_to_be_damaged() -> None:
    whole = outlook(**{"__substg1.0_1000001F": ("Words of the message. " * 40).encode("utf-16-le")})
    assert msg.read(whole).warnings == ()
    # Every sector of the container follows on its first one: most of its table of contents is lost.
    assert msg.read(whole[:-512] + bytes(512)).warnings == (
        "the message is damaged: parts of it may be missing",
    )
