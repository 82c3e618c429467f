import random
from pathlib import Path

from tests.quality.edits import EDITS, edited
from tests.quality.links import gather, good, measure

SAMPLE = Path(__file__).parent.parent.parent / "sample"


def test_links_hold_through_other_sizes_of_passages_and_edits(tmp_path: Path) -> None:
    assert gather([SAMPLE], tmp_path / "texts", most=20)
    sizes = ((60, 180), (20, 60), (200, 600))
    tallies = list(measure(tmp_path / "home", tmp_path / "texts", links=60, seed=3, sizes=sizes))
    assert [tally.links for tally in tallies] == [60, 120]
    for tally in tallies:
        assert good(tally), tally.failures
        assert tally.stand < tally.links, "the edits changed nothing that was cited"


def test_edits_are_those_of_their_seed_and_change_the_text() -> None:
    text = (
        "# Rules\n\nVisitors sign the book at 9 each day. They bring a card with a photograph. Nobody runs."
    )
    text += "\n\nParking is free.\n\nDogs stay outside, whatever their size may be. "
    text += "There is a hook for leads beside the door."
    assert edited(text, random.Random(7)) == edited(text, random.Random(7))
    for edit in EDITS:
        assert any(edit(text, random.Random(seed)) != text for seed in range(9)), edit.__name__
