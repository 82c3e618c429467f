"""A folder of documents made to do harm is taken in as any other: by the command, in processes of its own."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.batch import accept_all
from kb import settings
from kb.model import Outcome, OutcomeKind
from tests.functional.hostile_documents import DOCUMENTS
from tests.functional.hostile_repeats import REPEATS
from tests.ingest.archive_fixtures import declaring, overlapping, zipped
from tests.library import outcomes_of
from webapp.cli import cli
from webapp.wiring import wire

WORDS = "The desk answers at any hour, also on holidays."
HOSTILE = {
    "deep.html": b"<div>" * 100_000 + WORDS.encode() + b"</div>" * 100_000,
    "bomb.zip": zipped({"zeros.txt": bytes(5_000_000)}),
    "nested.zip": zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"deep.txt": WORDS})})})}),
    "overlap.zip": overlapping(WORDS.encode() * 50, times=50),
    "paths.zip": zipped({"../../../escaped.txt": WORDS, "/absolute.txt": WORDS, "C:\\drive.txt": WORDS}),
    "declared.zip": declaring(zipped({"image.png": b"\x89PNG\r\n\x1a\n"}), 2_147_483_648),
    "wide.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xb5\x05\x00\x00\xb5\x05\x08\x06",
    "entities.html": b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>Words and &a; more</p>',
}

ALL = {**DOCUMENTS, **REPEATS}


@pytest.fixture
def outcomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KB_READERS", "1")
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, content in HOSTILE.items():
        (folder / name).write_bytes(content)
    (folder / "good.txt").write_text(WORDS)
    with (folder / "line.csv").open("wb") as sparse:
        sparse.write(b"desk,at night,")
        sparse.truncate(200_000_000)
    result = CliRunner().invoke(cli, ["ingest", str(folder), "--json"])
    lines = [line for line in result.output.splitlines() if line.startswith("{")]
    return {(line := json.loads(text))["uri"].rpartition("/docs/")[2]: line for text in lines}


def test_each_is_refused_or_contained_with_its_reason_and_the_good_one_is_read(
    outcomes: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    assert outcomes["good.txt"]["kind"] in {"added", "duplicate"}
    assert "200 times its size" in outcomes["bomb.zip"]["reason"]
    assert "over one another" in outcomes["overlap.zip"]["reason"]
    assert "limit of 512 MB" in outcomes["declared.zip"]["reason"]
    assert "limit of 64 MB" in outcomes["line.csv"]["reason"]
    assert "a PNG image" in outcomes["wide.png"]["reason"]
    assert "KB_MAX_NESTING" in outcomes["nested.zip#1.zip//2.zip//3.zip"]["remedy"]
    assert {uri for uri in outcomes if uri.startswith("paths.zip#")} == {
        "paths.zip#escaped.txt", "paths.zip#absolute.txt", "paths.zip#drive.txt",
    }  # fmt: skip
    assert "root:" not in json.dumps(outcomes)
    assert outcomes["deep.html"]["kind"] in {"added", "duplicate", "failed"}
    assert [path.name for path in tmp_path.rglob("*escaped*")] == []
    assert all(line["reason"] and line["remedy"] for line in outcomes.values() if line["kind"] == "failed")


@pytest.fixture(scope="module")
def by_format(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, (content, _) in ALL.items():
        (folder / name).write_bytes(content)
    with closing(wire(settings.load({}, home=tmp_path_factory.mktemp("home"), lock_wait=5))) as services:
        steps = accept_all(services.pipeline, [folder], collection=None, max_bytes=64_000_000)
        return {one.uri.rpartition("/")[2]: one for one in outcomes_of(services.pipeline, steps)}


@pytest.mark.parametrize("name", sorted(ALL))
def test_harm_in_any_format_comes_to_nothing_or_is_refused_with_its_reason(
    by_format: dict[str, Outcome], name: str
) -> None:
    outcome, words = by_format[name], ALL[name][1]
    if words is None:
        assert outcome.kind in {OutcomeKind.ADDED, OutcomeKind.DUPLICATE}, outcome.reason
        assert outcome.passages > 0 or name.endswith(".zip")
    else:
        assert outcome.kind is OutcomeKind.FAILED
        assert words in outcome.reason
        assert outcome.remedy
    assert "root:" not in outcome.title + outcome.reason


def test_what_stands_in_one_another_without_end_ends_at_the_limit_of_nesting(
    by_format: dict[str, Outcome],
) -> None:
    deepest = [outcome for outcome in by_format.values() if "too many others" in outcome.reason]
    assert any("itself.zip#" in outcome.uri for outcome in deepest)
    assert any("forwarded.eml#" in outcome.uri for outcome in deepest)
    assert all("KB_MAX_NESTING" in outcome.remedy for outcome in deepest)


def test_links_in_archives_and_packed_files_in_mails_are_refused_by_name(
    by_format: dict[str, Outcome],
) -> None:
    assert "link to another file" in by_format["link.zip#secrets.txt"].reason
    assert "a gzip archive" in by_format["gzip.eml#desk.txt.gz"].reason
    assert by_format["backslash.zip#over.txt"].kind is not OutcomeKind.FAILED
