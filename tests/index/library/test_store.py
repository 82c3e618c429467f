import sqlite3
from pathlib import Path

import pytest

from index.library import store
from index.library.store import Library
from index.library.vocabulary import Vocabulary
from index.rebuild import rebuild
from index.sync import note, sync
from index.verify import verify
from tests.library import take_in, write
from webapp.wiring import Services

DESK = "The duty desk answers at night. The Department of Mental Health (DMH) keeps the shelter open."
VISITS = "Visits are on Monday and on Tuesday. Bring a photograph to the shelter."
TABLES = ("words", "names", "name_words", "acronyms", "passages", "alike", "sharing")


@pytest.fixture
def filled(services: Services, tmp_path: Path) -> Services:
    take_in(services, write(tmp_path / "guides", desk=DESK, visits=VISITS))
    return services


def opened(services: Services) -> Library:
    number = services.generations.live()
    assert number is not None
    return Library(services.generations.path(number))


def contents(services: Services) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is counted, without the numbers that rows happen to have."""
    known = opened(services)
    return {
        "words": known.rows("SELECT * FROM words ORDER BY 1, 2, 3, 4"),
        "names": known.rows("SELECT name, kind, language, collection, count FROM names ORDER BY 1, 2, 3, 4"),
        "name_words": known.rows(
            "SELECT word, name, names.collection FROM name_words JOIN names USING (number) ORDER BY 1, 2, 3"
        ),
        "acronyms": known.rows("SELECT * FROM acronyms ORDER BY short, passage"),
        "alike": known.rows("SELECT key, id FROM alike JOIN passages USING (number) ORDER BY 1, 2"),
        "sharing": known.rows("SELECT id FROM sharing JOIN passages USING (number) ORDER BY 1"),
    }


def test_words_are_counted_as_they_are_written(filled: Services) -> None:
    counted = dict(opened(filled).rows("SELECT word, count FROM words WHERE collection = ''"))
    assert (counted["shelter"], counted["photograph"]) == (2, 1)
    assert opened(filled).rows("SELECT lower FROM words WHERE word = 'monday'") == [(0,), (0,)]


def test_a_changed_document_leaves_nothing_of_what_it_was(filled: Services, tmp_path: Path) -> None:
    (tmp_path / "guides" / "desk.txt").write_text("The gate is open by day.")
    take_in(filled, tmp_path / "guides")
    changed = contents(filled)
    rebuild(filled.catalog, filled.generations, wait=5)
    assert changed == contents(filled)
    assert "night" not in {row[1] for row in changed["words"]}
    assert changed["acronyms"] == []


def test_a_removed_document_is_forgotten(filled: Services) -> None:
    with filled.catalog.reading() as transaction:
        sources = transaction.sources.all()
    for source in sources:
        filled.pipeline.remove(source.id)
    sync(filled.catalog, filled.generations, wait=5)
    assert all(opened(filled).rows(f"SELECT * FROM {table}") == [] for table in TABLES)


def test_a_sync_that_finds_nothing_new_leaves_it_alone(filled: Services) -> None:
    before = contents(filled)
    assert sync(filled.catalog, filled.generations, wait=5) == 0
    assert contents(filled) == before


@pytest.mark.parametrize("damage", [None, b"", b"no database at all, but of some length " * 50])
def test_a_file_that_is_lost_or_damaged_is_made_anew(filled: Services, damage: bytes | None) -> None:
    before = contents(filled)
    path = filled.generations.path(1) / store.NAME
    store.remove(path)
    if damage is not None:
        path.write_bytes(damage)
    assert filled.search.search("duty desk").hits
    assert filled.search.suggest("shel") == []
    sync(filled.catalog, filled.generations, wait=5)
    assert contents(filled) == before
    assert [one.text for one in filled.search.suggest("shel")] == ["shelter"]


def test_a_file_of_another_format_is_made_anew(filled: Services) -> None:
    before = contents(filled)
    with sqlite3.connect(filled.generations.path(1) / store.NAME) as file:
        file.execute("UPDATE facts SET value = 99 WHERE name = 'format'")
    file.close()
    sync(filled.catalog, filled.generations, wait=5)
    assert contents(filled) == before


def test_what_is_remembered_of_the_file_is_forgotten_when_it_has_changed(
    filled: Services, tmp_path: Path
) -> None:
    known = opened(filled)
    known.version()
    known.remembered("shelves")["a"] = 1
    known.version()
    assert known.remembered("shelves") == {"a": 1}
    assert known.remembered("other things") == {}
    take_in(filled, write(tmp_path / "guides", gate="The gate is open by day."))
    known.version()
    assert known.remembered("shelves") == {}


def test_what_another_process_writes_is_a_change_from_when_it_can_be_seen_and_not_before(
    filled: Services,
) -> None:
    known = opened(filled)
    before = known.version()
    path = filled.generations.path(1) / store.NAME
    log = path.with_name(f"{store.NAME}-wal")
    written = log.stat().st_size if log.exists() else 0
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN IMMEDIATE")
    writer.executemany("INSERT INTO sharing VALUES (?)", [(number,) for number in range(1_000, 100_000)])
    assert log.stat().st_size > written
    assert known.version() == before
    writer.execute("UPDATE facts SET value = value + 1 WHERE name = 'sequence'")
    writer.execute("COMMIT")
    writer.close()
    assert known.version() != before


def test_after_a_read_that_failed_nothing_is_remembered(filled: Services) -> None:
    known = opened(filled)
    before = known.version()
    known.remembered("shelves")["a"] = 1
    assert known.rows("SELECT nothing FROM no_table") == []
    assert known.version() != before
    assert known.remembered("shelves") == {}


def test_who_reads_a_file_goes_on_with_the_one_that_was_made_anew_in_its_place(
    filled: Services, tmp_path: Path
) -> None:
    known = opened(filled)
    known.version()
    words = "SELECT word FROM words WHERE word IN ('photograph', 'gate')"
    assert known.rows(words) == [("photograph",)] * 2
    store.remove(filled.generations.path(1) / store.NAME)
    take_in(filled, write(tmp_path / "guides", visits="The gate is open by day."))
    known.version()
    assert known.rows(words) == [("gate",)] * 2


def test_damage_is_found_by_verify(filled: Services) -> None:
    assert verify(filled.catalog, filled.blobs, filled.generations) == []
    path = filled.generations.path(1) / store.NAME
    store.remove(path)
    faults = verify(filled.catalog, filled.blobs, filled.generations)
    assert any("library as a whole" in str(fault.text) for fault in faults)


class TestVocabulary:
    @pytest.fixture
    def words(self, services: Services, tmp_path: Path) -> Vocabulary:
        open_, hidden = tmp_path / "open", tmp_path / "hidden"
        open_.mkdir()
        (open_ / "guide.md").write_text(
            "# Warning signs\n\n## Who to call\n\nCall the hotline when a young person is missing. "
            "Providers were "
            "trained to see the signs. The Department pays for prevention.\n",
            encoding="utf-8",
        )
        (open_ / "guia.md").write_text(
            "# Señales de alerta\n\nLas víctimas de explotación llaman a la línea directa a "
            "cualquier hora del "
            "día. Los proveedores reciben capacitación.\n",
            encoding="utf-8",
        )
        write(hidden, secret="The informant lives in Blackwater Street near the hothouse.")
        take_in(services, open_, hidden)
        return Vocabulary(opened(services))

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("how many provders were trained", "how many providers were trained"),
            ("Departmant of prevntion", "Department of prevention"),
            ("otline", "hotline"),
            ("ohtline number", "hotline number"),
            ("explotacoin de victmas", "explotación de víctimas"),
            ("the misssing", "the missing"),
            ("Is there prevntion.", "Is there prevention."),
            ("prevnton", "prevention"),
            ("hotlne.", "hotline."),
            ("call the yonug", "call the young"),
            ("they wer tranied", "they wer trained"),
            ("providderrs", "providers"),
            ("hotlne provders prevntion traned", "hotline providers prevention traned"),
        ],
    )
    def test_a_slip_is_corrected_to_a_word_of_the_library(
        self, words: Vocabulary, typed: str, meant: str
    ) -> None:
        assert words.corrected(typed) == meant

    @pytest.mark.parametrize(
        "typed",
        [
            "hotline",
            "hotlines",
            "explotacion",
            "call calling called",
            "xylophone",
            "the fro tje",
            # Another first letter or ending, or another letter in a word of four, is another word.
            "cotline",
            "sees",
            "preventive",
            # Forms that no stemmer leads back to what is there, with and without accents.
            "llamaría",
            "recibiria",
            "se piensa y cuenta",
            # Words of English or Spanish, and words of the other language two slips away.
            "the wealthy franchise",
            "el fontanero atrajo aerolíneas",
            "la pretención de las víctimas",
            "provders.example.org",
            "whan werre they",
            '"provders"',
            "title:provders",
            "SB 855 w-9 provders@example.org",
            "I'd we've they’d could've cannot",
            "",
        ],
    )
    def test_words_that_are_right_short_ones_and_what_was_quoted_stay(
        self, words: Vocabulary, typed: str
    ) -> None:
        assert words.corrected(typed) is None

    def test_titles_and_headings_come_before_words(self, words: Vocabulary) -> None:
        assert [(one.text, one.kind) for one in words.suggest("warn")][:2] == [
            ("Warning signs", "title"),
            ("warning", "word"),
        ]
        assert words.suggest("to ca")[0].text == "Who to call"
        assert "Señales de alerta" in [one.text for one in words.suggest("senales")]

    def test_the_last_word_is_completed_in_the_language_of_those_before_it(self, words: Vocabulary) -> None:
        assert [one.text for one in words.suggest("the trained pro")] == ["the trained providers"]
        assert "víctimas pro" + "veedores" in [one.text for one in words.suggest("víctimas pro")]

    @pytest.mark.parametrize("typed", ["", " ", "x", "hotline ", "?!", "zzzz", "800"])
    def test_nothing_is_suggested_where_there_is_nothing_to_go_by(
        self, words: Vocabulary, typed: str
    ) -> None:
        assert words.suggest(typed) == []

    def test_what_stands_in_other_collections_only_is_never_shown(self, words: Vocabulary) -> None:
        assert "informant" in [one.text for one in words.suggest("infor")]
        assert words.suggest("infor", collections=["open"]) == []
        assert words.corrected("informnt") == "informant"
        assert words.corrected("informnt", collections=["open"]) is None
        # Nor does it matter to what is right: "hothouse" stands in the other collection.
        assert words.corrected("hothuse", collections=["open"]) is None
        assert words.suggest("infor", collections=[]) == []

    def test_quotation_marks_and_signs_of_the_database_are_only_text(self, words: Vocabulary) -> None:
        for typed in ("'; DROP TABLE words; --a", 'a"b%_ca', "ca" * 500):
            words.suggest(typed)
            words.corrected(typed)
        assert words.suggest("hotl")


def test_what_answers_need_is_noted_of_all_passages_in_the_end(
    filled: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.library.filling._NOTED_AT_ONCE", 0)
    rebuild(filled.catalog, filled.generations, wait=5)
    unnoted = "SELECT count(*) FROM passages WHERE note = x''"
    assert opened(filled).rows(unnoted) == [(2,)]
    assert verify(filled.catalog, filled.blobs, filled.generations) == []
    assert note(filled.catalog, filled.generations, wait=5, most=5) == 2
    assert note(filled.catalog, filled.generations, wait=5, most=5) == 0
    assert opened(filled).rows(unnoted) == [(0,)]
    assert verify(filled.catalog, filled.blobs, filled.generations) == []


def test_a_passage_that_comes_after_the_last_was_noted_and_went_is_noted_too(
    filled: Services, tmp_path: Path
) -> None:
    (tmp_path / "guides" / "visits.txt").write_text("The gate is open by day.")
    take_in(filled, tmp_path / "guides")
    assert opened(filled).rows("SELECT count(*) FROM passages WHERE note = x''") == [(0,)]


COPIED = (
    "The night shelter on Grove Street takes young people at any hour and gives out {} beds. Who comes later "
    "rings the bell at the side door."
)


def sharing(services: Services) -> list[str]:
    """Return the places of the documents whose passages are noted to share a key with another."""
    rows = opened(services).rows("SELECT id FROM sharing JOIN passages USING (number)")
    with services.catalog.reading() as transaction:
        return sorted(transaction.passages.citation(row[0]).source.place for row in rows)


@pytest.mark.parametrize("together", [True, False])
def test_passages_that_share_a_key_are_noted_whether_they_come_together_or_one_after_another(
    filled: Services, tmp_path: Path, together: bool
) -> None:
    assert sharing(filled) == []
    folder = tmp_path / "guides"
    for name in ("one", "other", "third"):
        write(folder, **{name: COPIED.format(name)})
        if not together:
            take_in(filled, folder)
    take_in(filled, folder)
    assert sharing(filled) == ["one.txt", "other.txt", "third.txt"]
    before = contents(filled)
    rebuild(filled.catalog, filled.generations, wait=5)
    assert contents(filled) == before


def test_who_shared_a_key_with_a_passage_that_went_is_no_fault_but_who_was_forgotten_is(
    filled: Services, tmp_path: Path
) -> None:
    folder = write(tmp_path / "guides", one=COPIED.format(1), other=COPIED.format(2))
    take_in(filled, folder)
    write(folder, one="The gate is open by day.")
    take_in(filled, folder)
    assert sharing(filled) == ["other.txt"]
    assert verify(filled.catalog, filled.blobs, filled.generations) == []
    write(folder, one=COPIED.format(1))
    take_in(filled, folder)
    assert sharing(filled) == ["one.txt", "other.txt"]
    with sqlite3.connect(filled.generations.path(1) / store.NAME) as file:
        file.execute("DELETE FROM sharing")
    file.close()
    assert any(
        "shared likenesses" in fault.text
        for fault in verify(filled.catalog, filled.blobs, filled.generations)
    )
