from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import letters
from kb.letters import Letters, load

LANGUAGES = ["en", "es", "pt", "sr", "zh"]
SPANISH = "La persona que sospecha un abuso debe llamar al condado."
SERBIAN = "Позовите округ ако сумњате на злостављање."
MODEL = load(LANGUAGES)


def test_a_model_from_the_cache_scores_as_the_unpacked_one(tmp_path: Path) -> None:
    texts = [SPANISH, SERBIAN, "", "12"]
    for fresh, kept in zip(
        load(LANGUAGES, folder=tmp_path).scores(texts),
        load(LANGUAGES, folder=tmp_path).scores(texts),
        strict=True,
    ):
        assert (fresh is None) == (kept is None)
        assert fresh is None or kept is None or fresh.tolist() == kept.tolist()
    assert [file.name.startswith("letters-") for file in tmp_path.iterdir()] == [True]


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    load(LANGUAGES, folder=tmp_path)
    moves = next(tmp_path.rglob("moves.npy"))
    whole = moves.read_bytes()
    moves.write_bytes(whole[:1000])
    assert load(LANGUAGES, folder=tmp_path).scores([SPANISH])[0] is not None
    assert next(tmp_path.rglob("moves.npy")).read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    scores = load(LANGUAGES, folder=blocked).scores([SPANISH])[0]
    assert scores is not None
    assert LANGUAGES[int(scores.argmax())] == "es"


def test_a_language_in_two_scripts_has_one_score() -> None:
    scores = MODEL.scores([SERBIAN])[0]
    assert scores is not None
    assert len(scores) == len(LANGUAGES)
    assert LANGUAGES[int(scores.argmax())] == "sr"


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=40), st.sampled_from([SPANISH, SERBIAN])), max_size=12))
def test_texts_score_alone_as_they_do_side_by_side(texts: list[str]) -> None:
    alone = [MODEL.scores([text])[0] for text in texts]
    for one, together in zip(alone, MODEL.scores(texts), strict=True):
        assert (one is None) == (together is None)
        assert one is None or np.allclose(one, together, rtol=1e-5, atol=1e-3)


def test_many_texts_are_taken_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_AT_ONCE", 7)
    assert _best(MODEL, [SPANISH, SERBIAN] * 10) == ["es", "sr"] * 10


def _best(model: Letters, texts: list[str]) -> list[str]:
    return [LANGUAGES[int(scores.argmax())] for scores in model.scores(texts) if scores is not None]
