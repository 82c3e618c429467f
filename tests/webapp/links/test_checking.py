import contextlib
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.linktexts import texts_of
from kb.errors import SourceError
from tests.ingest.readers.pdf.paper import Paper
from tests.library import services_at, take_in, write
from webapp.links.checking import Found, check_links, corrections
from webapp.links.correcting import corrected, left
from webapp.links.finding import Written, written_in
from webapp.wiring import Services

PLAN = (
    "A safety plan names the people whom a young person trusts, and the places where they are safe at night."
)
NUMBER = "Call the county hotline at 800-555-0100. It answers day and night, in English and in Spanish."
GONE = "The office on Elm Street closed for good in March, and its files went to the archive downtown."


@pytest.fixture
def library(tmp_path: Path) -> Services:
    services = services_at(tmp_path / "home")
    write(tmp_path / "guides", plan=PLAN, number=NUMBER, gone=GONE, same="Visits are on Monday.")
    take_in(services, tmp_path / "guides")
    return services


def passage_ids(services: Services) -> dict[str, str]:
    """Return the id of each document's passage, by the document's name."""
    with services.catalog.reading() as transaction:
        return {
            Path(source.place).stem: transaction.passages.of_source(source.id)[0].id
            for source in transaction.sources.all()
        }


@pytest.fixture
def cited(library: Services, tmp_path: Path) -> dict[str, str]:
    """Return the ids of passages as they were cited, after three of the four documents changed."""
    before = passage_ids(library)
    write(
        tmp_path / "guides",
        plan=f"{PLAN} It is written with the young person and reviewed each month.",
        number=NUMBER.replace("800-555-0100", "800-555-0199"),
        gone="Nothing of what stood here is left: the new words speak of summer camps and swimming lessons.",
    )
    take_in(library, tmp_path / "guides")
    return before


def memo(cited: dict[str, str]) -> bytes:
    lines = [f"See https://kb.example.org/p/{passage_id}." for passage_id in cited.values()]
    return "\n".join([*lines, "and /p/0000000000zz"]).encode()


def test_each_link_is_told_what_became_of_it(library: Services, cited: dict[str, str]) -> None:
    found = {link.passage_id: link.found for link in check_links(texts_of(memo(cited)), library.catalog)}
    assert found == {
        cited["plan"]: Found.MOVED,
        cited["number"]: Found.CHANGED,
        cited["gone"]: Found.REMOVED,
        cited["same"]: Found.SAME,
        "0000000000zz": Found.UNKNOWN,
    }


def test_a_corrected_copy_leads_to_the_words_again(library: Services, cited: dict[str, str]) -> None:
    links = check_links(texts_of(memo(cited)), library.catalog)
    copy = corrected(memo(cited), corrections(links))
    again = {link.passage_id: link.found for link in check_links(texts_of(copy), library.catalog)}
    now = passage_ids(library)
    assert again[now["plan"]] is Found.SAME
    assert cited["number"] in again, "a link to words that changed is left for a person to judge"
    every = check_links(texts_of(corrected(memo(cited), corrections(links, changed=True))), library.catalog)
    assert {link.passage_id: link.found for link in every}[now["number"]] is Found.SAME


def test_links_in_office_files_are_found_and_corrected(library: Services, cited: dict[str, str]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        target = f'<Relationship Target="https://kb.example.org/p/{cited["plan"]}" TargetMode="External"/>'
        archive.writestr("word/_rels/document.xml.rels", target)
        archive.writestr("word/media/image1.png", f"/p/{cited['same']}")
    links = check_links(texts_of(made.getvalue()), library.catalog)
    assert [link.passage_id for link in links] == [cited["plan"]]
    copy = corrected(made.getvalue(), corrections(links))
    assert [link.found for link in check_links(texts_of(copy), library.catalog)] == [Found.SAME]


def test_longer_paths_and_other_words_are_no_links(library: Services, cited: dict[str, str]) -> None:
    text = f"/p/{cited['plan']}zz /p/short https://example.org/plan/{cited['plan']}"
    assert check_links([text], library.catalog) == []


ID, OTHER = "0123456789ab", "ba9876543210"
LINK = f"https://kb.example.org/p/{ID}"


def hosts_in(content: str | bytes) -> list[str]:
    """Return the hosts of the links in a file; all must lead to one passage."""
    found = written_in(texts_of(content.encode() if isinstance(content, str) else content))
    assert {link.passage_id for link in found} <= {ID}
    return [link.host for link in found]


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        (f"see /p/{ID}.", [""]),
        (f"(/p/{ID})", [""]),
        (f"<http://127.0.0.1:8000/p/{ID}>", ["127.0.0.1"]),
        (f"http://[::1]:8000/p/{ID}", ["::1"]),
        (f"KB.Example.org/p/{ID}", ["kb.example.org"]),
        (f"https://kb.example.org/search/p/{ID}#:~:text=a", ["kb.example.org"]),
        (f"[plan](https://kb.example.org/p/{ID})", ["kb.example.org"]),
        (f'<a href="https:&#x2F;&#x2F;kb.example.org&#x2F;p&#x2F;{ID}">', ["kb.example.org"]),
        (f"https://safe.example/?url=https%3A%2F%2Fkb.example.org%2Fp%2F{ID}&data=5", ["kb.example.org"]),
        (f"docs/p/{ID} and /p/{ID}x", []),
    ],
)
def test_a_link_is_known_in_every_way_it_is_written(text: str, hosts: list[str]) -> None:
    assert hosts_in(text) == hosts
    assert hosts_in(text.encode("utf-16")) == hosts


def test_links_in_a_pdf_are_found_where_they_can_be_clicked_and_where_they_stand() -> None:
    paper = Paper()
    paper.put("The plan", 72, 72)
    paper.canvas.linkURL(LINK, (72, 700, 200, 720))
    paper.put(f"also at localhost/p/{ID}", 72, 100)
    assert sorted(hosts_in(paper.content())) == ["kb.example.org", "localhost"]


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_links_in_a_message_are_found_however_it_is_packed(encoding: str) -> None:
    message = EmailMessage()
    message.set_content(f"{'Words before the link. ' * 4}{LINK}\n", cte=encoding)
    message["From"], message["To"], message["Subject"] = "ann@example.org", "bo@example.org", "Plan"
    message.add_attachment(b"<w>" + LINK.encode() + b"</w>", maintype="application", subtype="xml")
    assert hosts_in(message.as_bytes()) == ["kb.example.org"]
    with pytest.raises(SourceError, match="as it was sent"):
        corrected(message.as_bytes(), {ID: OTHER})


def test_a_link_to_another_host_counts_only_if_the_passage_is_ours(
    library: Services, cited: dict[str, str]
) -> None:
    memo = f"https://elsewhere.example/p/{ID} https://elsewhere.example/p/{cited['same']}".encode()
    assert [link.passage_id for link in check_links(texts_of(memo), library.catalog)] == [cited["same"]]
    ours = check_links(texts_of(memo), library.catalog, hosts={"elsewhere.example"})
    assert [link.found for link in ours] == [Found.UNKNOWN, Found.SAME]


def test_all_links_are_replaced_at_once() -> None:
    text = f"/p/{ID} /p/{OTHER} %2Fp%2F{ID} &#47;p&#47;{ID} {ID}"
    for encoding in ("utf-8", "utf-16-le"):
        copy = corrected(text.encode(encoding), {ID: OTHER, OTHER: ID}).decode(encoding)
        assert copy == f"/p/{OTHER} /p/{ID} %2Fp%2F{OTHER} &#47;p&#47;{OTHER} {ID}"


def test_an_address_cut_into_pieces_is_found_and_named_as_left() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        runs = f"<w:t>https://kb.example.org/p/{ID[:5]}</w:t><w:t>{ID[5:]}</w:t>"
        archive.writestr("word/document.xml", runs)
    assert hosts_in(made.getvalue()) == ["kb.example.org"]
    assert left(corrected(made.getvalue(), {ID: OTHER}), {ID: OTHER}) == [ID]


def test_what_cannot_be_rewritten_is_named_with_what_to_do() -> None:
    signed = io.BytesIO()
    with zipfile.ZipFile(signed, "w") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    for content, reason in (
        (b"%PDF-1.7", "PDF"),
        (signed.getvalue(), "signed"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "kind of file"),
    ):
        with pytest.raises(SourceError, match=reason) as refused:
            corrected(content, {})
        assert refused.value.remedy


def test_a_bomb_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 50_000_000)
    with pytest.raises(SourceError):
        written_in(texts_of(made.getvalue()))


@given(st.binary(max_size=300))
def test_any_bytes_have_links_or_a_reason_why_not(content: bytes) -> None:
    with contextlib.suppress(SourceError):
        assert all(isinstance(link, Written) for link in written_in(texts_of(content)))
