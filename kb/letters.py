"""How likely is each language, by the letters of a text?

The model is py3langid's (docs/adr/0003-language-detection.md): an automaton finds the runs of letters that
tell languages apart, and naive Bayes weighs them. It takes a second to unpack; so what is needed of it lies
unpacked in the user's cache folder, where all processes map it into memory and share it. Many texts at a
time go through the automaton side by side, which is many times as fast as one after another.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of the files in the cache; goes up when what stands in them changes.
_LAYOUT = 1
# From so many texts on, going side by side is faster than one after another (both measured).
_FEW = 6
# Texts that go side by side: they take about 2 KB each.
_AT_ONCE = 512
_PARTS = ("moves", "rows", "features", "weights", "priors")


@dataclass(frozen=True, slots=True)
class Letters:
    """A model that tells some languages apart.

    ``moves`` has 256 next states for each row, ``rows`` the row of each state (times 256), ``features`` the
    feature that a state ends, or -1. ``weights`` has the log-likelihood of each feature in each language.
    ``doubles`` are columns of a language that has two, in two scripts: the better one counts.
    """

    moves: NDArray[Any]
    rows: NDArray[Any]
    features: NDArray[Any]
    weights: NDArray[Any]
    priors: NDArray[Any]
    languages: int
    doubles: tuple[tuple[int, int], ...]

    def scores(self, texts: Sequence[str]) -> list[NDArray[Any] | None]:
        """Return for each text the log-likelihoods of the languages; None where nothing tells."""
        found: list[NDArray[Any] | None] = []
        for start in range(0, len(texts), _AT_ONCE):
            found += self._weighed([_letters(text) for text in texts[start : start + _AT_ONCE]])
        return found

    def _weighed(self, texts: Sequence[bytes]) -> list[NDArray[Any] | None]:
        import numpy as np  # noqa: PLC0415  # only those wait for it who ask for a language

        if len(texts) < _FEW:
            return [self._of_one(text) for text in texts]
        texts_of, features, counts = self._side_by_side(texts)
        scores: list[NDArray[Any] | None] = [None] * len(texts)
        starts = np.flatnonzero(np.diff(texts_of, prepend=-1))
        if not len(starts):
            return scores
        parts = self.weights[features] * np.log1p(counts.astype(np.float32))[:, None]
        sums = np.add.reduceat(parts, starts, axis=0, dtype=np.float32) + self.priors
        for first, second in self.doubles:
            sums[:, first] = np.maximum(sums[:, first], sums[:, second])
        for text, score in zip(texts_of[starts].tolist(), sums[:, : self.languages], strict=True):
            scores[text] = score
        return scores

    def _of_one(self, text: bytes) -> NDArray[Any] | None:
        """Return what ``_weighed`` does for one text: every question waits for this."""
        import numpy as np  # noqa: PLC0415

        moves, rows, features = self.moves.data, self.rows.data, self.features.data
        state = 0
        met: dict[int, int] = {}
        for letter in text:
            state = moves[rows[state] + letter]
            feature = features[state]
            if feature >= 0:
                met[feature] = met.get(feature, 0) + 1
        if not met:
            return None
        parts = self.weights.take(list(met), axis=0)
        parts *= np.log1p(np.array(list(met.values()), np.float32))[:, None]
        # Summed in the order of the other way: a sum depends on it in the last bit.
        score: NDArray[Any] = np.add.reduceat(parts, (0,), axis=0)[0] + self.priors
        for first, second in self.doubles:
            score[first] = max(score[first], score[second])
        return score[: self.languages]

    def _side_by_side(self, texts: Sequence[bytes]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return three columns: a text, a feature of it, and how often it stands there.

        Every text takes a step at the same time.
        """
        import numpy as np  # noqa: PLC0415

        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        lengths = np.array([len(texts[at]) for at in order])
        longest = int(lengths[0])
        letters = np.frombuffer(b"".join(texts[at].ljust(longest, b"\0") for at in order), np.uint8)
        letters = letters.reshape(len(texts), longest).T
        still = np.searchsorted(-lengths, -np.arange(longest), side="left")
        ends = np.full((longest, len(texts)), -1, np.int64)
        state = np.zeros(len(texts), np.intp)
        for step, going in enumerate(still.tolist()):
            state = self.moves[self.rows[state[:going]] + letters[step, :going]]
            ends[step, :going] = self.features[state]
        texts_at = np.broadcast_to(np.array(order), ends.shape)[ends >= 0]
        keys, counts = np.unique(texts_at * len(self.weights) + ends[ends >= 0], return_counts=True)
        return keys // len(self.weights), keys % len(self.weights), counts


def load(languages: Sequence[str], *, folder: Path | None = None) -> Letters:
    """Return the model that tells these languages apart, from a cache folder (the user's, if none is named).

    Where nothing can be written, the model is unpacked every time.
    """
    import numpy as np  # noqa: PLC0415

    cache = (folder or platformdirs.user_cache_path("kb", False)) / _name(languages)
    if (kept := _cached(cache)) is None:
        kept = _unpacked(languages)
        _keep(kept, cache)
    classes = kept.pop("classes").tolist()
    first: dict[int, int] = {}
    doubles = [(first[of], at) for at, of in enumerate(classes) if first.setdefault(of, at) != at]
    arrays: dict[str, NDArray[Any]] = {part: np.asarray(kept[part]) for part in _PARTS}
    # Kept in half the room; to make these of each question's would take longer than to weigh them.
    arrays["weights"] = arrays["weights"].astype(np.float32)
    return Letters(**arrays, languages=len(languages), doubles=tuple(doubles))


def _name(languages: Sequence[str]) -> str:
    """Return the name of the folder: another model, or other languages, lie in another."""
    spec = importlib.util.find_spec("py3langid")
    assert spec is not None
    assert spec.origin is not None
    model = (Path(spec.origin).parent / "data" / "model.npz.xz").stat()
    return f"letters-{_LAYOUT}-{model.st_size}-{int(model.st_mtime)}-{'-'.join(languages)}"[:200]


def _unpacked(languages: Sequence[str]) -> dict[str, NDArray[Any]]:
    import numpy as np  # noqa: PLC0415
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    columns = [model.nb_classes.index(language) for language in languages]
    columns += [at for at, name in enumerate(model.nb_classes) if name in languages and at not in columns]
    return {
        "moves": np.frombuffer(model.tk_nextmove, f"u{model.tk_nextmove.itemsize}"),
        "rows": np.array(model.tk_row, np.int64) << 8,
        "features": np.array(model.tk_output, np.int32),
        "weights": np.ascontiguousarray(model.nb_ptc[:, columns]),
        "priors": np.asarray(model.nb_pc[columns], np.float32),
        "classes": np.array([languages.index(model.nb_classes[column]) for column in columns]),
    }


def _cached(folder: Path) -> dict[str, NDArray[Any]] | None:
    import numpy as np  # noqa: PLC0415

    try:
        return {
            part: np.load(folder / f"{part}.npy", mmap_mode="r", allow_pickle=False)
            for part in (*_PARTS, "classes")
        }
    except (OSError, ValueError, EOFError):
        return None


def _keep(parts: dict[str, NDArray[Any]], folder: Path) -> None:
    """Write the arrays aside and put them into place at once: another process may be doing the same."""
    import numpy as np  # noqa: PLC0415

    aside = None
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
        for part, array in parts.items():
            np.save(aside / f"{part}.npy", array, allow_pickle=False)
        if folder.exists() and _cached(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
        os.replace(aside, folder)
    except OSError:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def _letters(text: str) -> bytes:
    """Return a text as the model was made on: composed, and capitals throughout made small."""
    text = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
    return text.encode("utf-8", "surrogatepass")
