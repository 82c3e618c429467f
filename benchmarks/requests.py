"""What of a processor does one answer take? In the service, by the API and as a page, of new questions.

    python -m benchmarks.requests HOME [FOLDER] [--questions N]

HOME is a library (``python -m benchmarks.speed --quick`` leaves one in build/bench/100000/home), FOLDER the
measuring data. Milliseconds of the processor, which other work on the machine lengthens less than those of
the clock. The second table has what share of the time of a page its parts take, as the profiler sees it.
"""

from __future__ import annotations

import argparse
import cProfile
import itertools
import pstats
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote_plus

from flask.testing import FlaskClient

from benchmarks.home import services_at
from benchmarks.library import folder_of_data, questions, real_lines, stretches
from benchmarks.speed import note_all
from benchmarks.timing import spread
from index.search import SearchService
from webapp import create_app

# Questions that are asked first and not counted: files are mapped and words looked up by then.
_FIRST = 50
# Parts of a page: the file and name of the function that does each.
_PARTS = {
    "ranking": ("engines/whoosh.py", "search"),
    "weights of words": ("engines/whoosh.py", "weights"),
    "other forms and words": ("library/expansion.py", "expansions"),
    "passages with their proof": ("catalog/passages.py", "citations"),
    "places: copies and what is alike": ("alike/folding.py", "places"),
    "contradictions": ("alike/conflicts.py", "conflicts"),
    "what is marked": ("index/marking.py", "of"),
    "how sure": ("ranking/confidence.py", "judge"),
    "documents": ("catalog/stretches.py", "stretches"),
    "words as HTML": ("layout/prose.py", "as_html"),
    "filters": ("layout/narrowing.py", "choices"),
    "the page's template": ("flask/templating.py", "render_template"),
    "all": ("webapp/search.py", "results"),
}


def main() -> None:
    """Run the command and print two tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    folder = folder_of_data(options.folder)
    real = real_lines(folder)
    typed = questions(real, folder, options.questions)
    new = iter(stretches(real, _FIRST + 4 * options.questions))
    services = services_at(options.home)
    note_all(services)
    client = create_app(services).test_client()
    for question in itertools.islice(new, _FIRST):
        _get(client, "/search")(question)
    some = [list(itertools.islice(new, options.questions)) for _ in range(4)]
    print("| answer | p50 | p95 |\n|---|---|---|")
    _print("service, new questions", _timed(_search(services.search, 11), some[0]))
    _timed(_search(services.search, 11), typed)
    _print("service, passages known", _timed(_search(services.search, 12), typed))
    _print("API, new questions", _timed(_get(client, "/api/v1/search"), some[1]))
    _print("page, new questions", _timed(_get(client, "/search"), some[2]))
    _print("page, asked again", _timed(_get(client, "/search"), some[2]))
    _print_parts(_get(client, "/search"), some[3])
    services.close()


def _search(service: SearchService, limit: int) -> Callable[[str], object]:
    return lambda question: service.search(question, limit=limit)


def _get(client: FlaskClient, path: str) -> Callable[[str], object]:
    return lambda question: client.get(
        f"{path}?q={quote_plus(question)}", headers={"Accept-Encoding": "gzip"}
    )


def _timed(ask: Callable[[str], object], asked: Iterable[str]) -> dict[str, float]:
    taken = []
    for question in asked:
        began = time.process_time()
        ask(question)
        taken.append((time.process_time() - began) * 1000)
    return spread(taken)


def _print(name: str, taken: dict[str, float]) -> None:
    print(f"| {name} | {taken['p50_ms']:.1f} | {taken['p95_ms']:.1f} |", flush=True)


def _print_parts(ask: Callable[[str], object], asked: Iterable[str]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for question in asked:
        ask(question)
    profile.disable()
    functions = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    took = {
        part: sum(
            cumulated
            for (path, _, name), (_, _, _, cumulated, _) in functions.items()
            if name == wanted and path.replace("\\", "/").endswith(file)
        )
        for part, (file, wanted) in _PARTS.items()
    }
    print("\n| part of a page | of 100 |\n|---|---|")
    for part, seconds in took.items():
        print(f"| {part} | {100 * seconds / took['all']:.0f} |")


if __name__ == "__main__":
    main()
