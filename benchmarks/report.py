"""What do the figures say? Ratios, a table and a plot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.contestants import ShippedFromParsed

RATIOS = (
    "engine_p50_vs_tantivy",
    "engine_p95_vs_tantivy",
    "shipped_p50_vs_tantivy",
    "shipped_p95_vs_tantivy",
    "shipped_from_parsed_p50_vs_tantivy",
    "shipped_from_parsed_p95_vs_tantivy",
    "engine_p50_vs_whoosh",
    "engine_speedup_vs_whoosh",
    "identical_to_whoosh",
    "indexing_vs_whoosh",
    "indexing_on_two_vs_whoosh",
    "while_indexing_vs_idle",
)
_MEANING = {
    "engine_p50_vs_tantivy": "our plain BM25F over tantivy, medians, from the same terms to ten ids; "
    "1 or less: ours is as fast",
    "engine_p95_vs_tantivy": "the same of the 95th of a hundred questions",
    "shipped_p50_vs_tantivy": "the ranking that is served, its parsing, language and analysis included, over "
    "tantivy's plain one from terms",
    "shipped_p95_vs_tantivy": "the same of the 95th of a hundred questions",
    "shipped_from_parsed_p50_vs_tantivy": "the same from the parsed question, whose language is known: its "
    "words are still to be analysed, where tantivy is given terms",
    "shipped_from_parsed_p95_vs_tantivy": "the same of the 95th of a hundred questions",
    "engine_p50_vs_whoosh": "our plain BM25F over stock Whoosh, medians; .01 or less: a hundred times faster",
    "engine_speedup_vs_whoosh": "stock Whoosh over our plain BM25F, medians: how many times faster ours is",
    "identical_to_whoosh": "share of the questions with the same ten passages in the same order as stock "
    "Whoosh over the same segments, with deletions",
    "indexing_vs_whoosh": "passages that we index in a second of one processor, over those of stock Whoosh",
    "indexing_on_two_vs_whoosh": "the same on two processors, with what is known of the library besides: "
    "passages from the catalog into the index in a second of the busier of two processors",
    "while_indexing_vs_idle": "the median of answers of the service while another process indexes, over that "
    "just before",
}
_VARIANTS = (
    "Each question asked in other ways, in turn with tantivy's plain search over the same terms (this table "
    "alone: `python -m benchmarks.variants INDEX`). Every way starts at another question, so none finds what "
    "was kept of a question by the way before; what is kept of single words and of filters is there, as on a "
    "server that has been asked before, since people's questions share words: a process keeps at most 96 MB "
    "of what words add, 64 MB of where they stand and 32 MB of who passes a filter. The first phrase with a "
    "word that no phrase had before takes some milliseconds more."
)
_COLOURS = ("#0b6e4f", "#c1121f", "#1d3557", "#e07a00", "#6a4c93", "#457b9d", "#7f7f7f", "#9c6644", "#2a9d8f")


def ratios(sizes: Mapping[str, Any], indexing: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ratios at 100,000 passages, or at the largest size there is, and what each means."""
    timed = [
        size for size, measured in sizes.items() if "p50_ms" in measured.get("engines", {}).get("plain", {})
    ]
    if not timed:
        return {}
    at = "100000" if "100000" in timed else max(timed, key=int)
    engines = sizes[at]["engines"]
    ours, shipped, tantivy = engines["plain"], engines["shipped"], engines["tantivy"]
    parsed = engines[ShippedFromParsed.name]
    found: dict[str, Any] = {
        "ratios_at": int(at),
        "engine_p50_vs_tantivy": round(ours["p50_ms"] / tantivy["p50_ms"], 3),
        "engine_p95_vs_tantivy": round(ours["p95_ms"] / tantivy["p95_ms"], 3),
        "shipped_p50_vs_tantivy": round(shipped["p50_ms"] / tantivy["p50_ms"], 3),
        "shipped_p95_vs_tantivy": round(shipped["p95_ms"] / tantivy["p95_ms"], 3),
        "shipped_from_parsed_p50_vs_tantivy": round(parsed["p50_ms"] / tantivy["p50_ms"], 3),
        "shipped_from_parsed_p95_vs_tantivy": round(parsed["p95_ms"] / tantivy["p95_ms"], 3),
    }
    if "whoosh" in engines:
        found["engine_p50_vs_whoosh"] = round(ours["p50_ms"] / engines["whoosh"]["p50_ms"], 5)
        found["engine_speedup_vs_whoosh"] = round(engines["whoosh"]["p50_ms"] / ours["p50_ms"], 1)
        same = sizes[at]["identical_to_whoosh"]
        found["identical_to_whoosh"] = round(same["same_top_ten"] / same["questions"], 4)
        found["identical_to_whoosh_counts"] = same
    if "index_passages_per_cpu_s_of_two" in sizes[at] and indexing:
        whoosh = indexing["whoosh_passages_per_cpu_s"]
        found["indexing_vs_whoosh"] = indexing["ours_vs_whoosh"]
        found["indexing_on_two_vs_whoosh"] = round(sizes[at]["index_passages_per_cpu_s_of_two"] / whoosh, 2)
    if "while_indexing" in sizes[at]:
        busy = sizes[at]["while_indexing"]
        found["while_indexing_vs_idle"] = round(busy["p50_ms"] / busy["idle_p50_ms"], 2)
    return {**found, "meaning": {name: text for name, text in _MEANING.items() if name in found}}


def write(figures: Mapping[str, Any], page: Path, *, plot: Path) -> None:
    """Write the page of figures and its plot."""
    sizes = {int(size): measured for size, measured in figures["sizes"].items()}
    plot.parent.mkdir(parents=True, exist_ok=True)
    plot.write_text(_plot(sizes), encoding="utf-8")
    page.write_text(_page(figures, sizes, plot=plot.relative_to(page.parent)), encoding="utf-8")


def _page(figures: Mapping[str, Any], sizes: Mapping[int, Any], *, plot: Path) -> str:
    parts = [
        "# How fast is it?",
        "Written by `make bench` (`python -m benchmarks.speed`). Half of the passages are English, half "
        "Spanish, with 98 words on average; beyond 100,000 they are made of the sentences of these. "
        f"{figures['questions']} questions: titles, stretches of sentences and typed ones. Each is asked "
        "several times, all engines in turn; the median of its times counts. Milliseconds; p95 is the 95th "
        f"of a hundred questions. The machine has {figures['machine']['cores']} cores; the load of what else "
        f"it did was {', '.join(map(str, figures['machine']['load']))} at the start, so trust the ratios. "
        f"The second pass was {'compiled' if figures['second_pass_compiled'] else 'done by numpy'}.",
        f"![Median time of a question by number of passages]({plot.as_posix()})",
        "## Engines, from the same terms to ten ids",
        _engines(sizes),
        "`plain` is Whoosh's BM25F over our arrays; `shipped` the ranking that is served, from the typed "
        "question (parsing, language and analysis included), as is `plain, from the question`; from the "
        "parsed question its words are analysed, while its language is known. "
        "`tantivy, own analysis` reads the typed question, stop words and all. CPU: the time that the "
        "processor worked on it, which other work on the machine does not lengthen.",
        *_variants(sizes),
        "## Indexing ready passages, analysis included",
        _table(
            ["", "passages in a second of one processor"],
            [
                ["ours", _shown(figures["indexing"]["ours_passages_per_cpu_s"])],
                ["stock Whoosh", _shown(figures["indexing"]["whoosh_passages_per_cpu_s"])],
                ["ours over Whoosh", _shown(figures["indexing"]["ours_vs_whoosh"])],
            ],
        ),
        _from_files(figures["from_files"]),
        "## Ratios",
        "\n".join(f"- `{name}`: {figures[name]}: {figures['meaning'][name]}" for name in figures["meaning"]),
        "## Service, processes and changes",
        _table(
            ["", *(f"{size:,}" for size in sizes)],
            [[label, *(_at(measured, path) for measured in sizes.values())] for label, path in _ROWS],
        ),
        "## HTTP",
        "New questions are asked once each, by nobody before; the others again and again, so their answers "
        "are kept ones, which `kb serve` sends as they were made. Asked from the same machine, whose "
        "processors the asking takes too.",
        _http(sizes),
    ]
    return "\n\n".join(parts) + "\n"


def _variants(sizes: Mapping[int, Any]) -> list[str]:
    """Return the tables of the other ways of asking, with a heading and a word on what is kept."""
    tables = [
        f"{size:,} passages:\n\n{of_ways(measured['variants'])}"
        for size, measured in sizes.items()
        if "variants" in measured
    ]
    return ["## Other ways of asking", _VARIANTS, *tables] if tables else []


def of_ways(times: Mapping[str, Mapping[str, float]]) -> str:
    """Return the times of the processor as a table, each over those of the first way and of ``shipped``."""
    bases = (next(iter(times.values())), times["shipped"])
    parts = ("cpu_p50_ms", "cpu_p95_ms")
    rows = []
    for name, of_way in times.items():
        shown = [of_way[part] for part in parts]
        shown += [of_way[part] / base[part] for base in bases for part in parts]
        rows.append([name, *(f"{each:.2f}" for each in shown)])
    head = ["asked", "CPU p50, ms", "p95", "over tantivy: p50", "p95", "over `shipped`: p50", "p95"]
    return _table(head, rows)


def _from_files(found: Mapping[str, Any]) -> str:
    return (
        f"From files to answers: `kb ingest` makes {found['files']:,} text files ({found['mb']} MB, "
        f"{found['passages']:,} passages) searchable at {found['passages_per_s']:,} passages a second, "
        f"{found['passages_per_cpu_s']:,} in a second of one processor."
    )


_ROWS = (
    ("catalog, passages a second", "catalog_passages_per_s"),
    ("index from the catalog, passages a second", "index_passages_per_s"),
    ("the same if each of its two processes has a processor to itself", "index_passages_per_cpu_s_of_two"),
    ("memory of the process that indexes, MB at most", "worker_memory_peak_mb"),
    ("of these its own, not mapped from files", "worker_memory_own_mb"),
    ("own memory of the process that helps it", "helper_memory_own_mb"),
    ("segments", "segments"),
    ("index on disk, MB", "index_mb"),
    ("catalog on disk, MB", "catalog_mb"),
    ("an answer with text, proof and marks, its passages new, p50", "service.first_p50_ms"),
    ("p95", "service.first_p95_ms"),
    ("worked out anew, its passages known, p50", "service.p50_ms"),
    ("p95", "service.p95_ms"),
    ("asked again, kept whole, p50", "service.again_p50_ms"),
    ("p95", "service.again_p95_ms"),
    ("worked out anew while another process indexes, p50", "while_indexing.p50_ms"),
    ("p95", "while_indexing.p95_ms"),
    ("a changed document of 50 passages is found after, s", "change.seconds"),
    ("a new process answers after, s", "process.start_to_first_answer_s"),
    ("its memory after all questions, MB", "process.memory_peak_mb"),
    ("of these its own, not mapped from files, MB", "process.memory_own_mb"),
)


def _engines(sizes: Mapping[int, Any]) -> str:
    names = list(dict.fromkeys(name for measured in sizes.values() for name in measured["engines"]))
    shown = {
        "p50_ms": "p50",
        "p95_ms": "p95",
        "cpu_p50_ms": "CPU p50",
        "index_passages_per_s": "index/s",
        "disk_mb": "MB",
    }
    head = ["engine"]
    for size in sizes:
        head += [f"{size:,}: p50", *list(shown.values())[1:]]
    rows = []
    for name in names:
        row = [f"**{name}**" if name in ("plain", "shipped") else name]
        for measured in sizes.values():
            row += [_shown(measured["engines"].get(name, {}).get(key)) for key in shown]
        rows.append(row)
    return _table(head, rows)


def _http(sizes: Mapping[int, Any]) -> str:
    rows = []
    for size, measured in sizes.items():
        for name, by_clients in measured["http"].items():
            for clients, found in by_clients.items():
                shown = [_shown(found[key]) for key in ("requests_per_s", "p50_ms", "p95_ms", "errors")]
                rows.append([f"{size:,}", name, clients, *shown])
    return _table(["passages", "answer", "clients", "requests/s", "p50", "p95", "errors"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _at(measured: Any, path: str) -> str:
    for name in path.split("."):
        measured = measured.get(name, {})
    return _shown(measured if measured != {} else None)


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def _plot(sizes: Mapping[int, Any]) -> str:
    """Return a plot of the medians, both axes logarithmic."""
    width, height, left, bottom, right = 760, 420, 60, 40, 190
    names = [name for name in next(iter(sizes.values()))["engines"]]
    lines = {
        name: [
            (size, measured["engines"][name]["p50_ms"])
            for size, measured in sizes.items()
            if "p50_ms" in measured["engines"].get(name, {})
        ]
        for name in names
    }
    values = [value for points in lines.values() for _, value in points]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(min(sizes)), math.log10(max(sizes) * 1.0001)

    def at(size: float, value: float) -> tuple[float, float]:
        x = left + (math.log10(size) - first) / max(last - first, 0.01) * (width - left - right)
        y = height - bottom - (math.log10(value) - low) / (high - low) * (height - bottom - 20)
        return round(x, 1), round(y, 1)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
    ]
    for power in range(low, high + 1):
        _, y = at(min(sizes), 10.0**power)
        drawn.append(f'<line x1="{left}" x2="{width - right}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        drawn.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{10.0**power:g} ms</text>')
    for size in sizes:
        x, _ = at(size, 10.0**low)
        drawn.append(f'<text x="{x}" y="{height - 16}" text-anchor="middle">{size:,}</text>')
    ends = _apart(sorted((at(*points[-1])[1], name) for name, points in lines.items() if points))
    for colour, (name, points) in zip(_COLOURS * 2, lines.items(), strict=False):
        if points:
            path = " ".join(f"{x},{y}" for x, y in (at(*point) for point in points))
            drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            drawn += [
                f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in (at(*p) for p in points)
            ]
            drawn.append(
                f'<text x="{width - right + 10}" y="{ends[name] + 4}" fill="{colour}">{escape(name)}</text>'
            )
    return "\n".join([*drawn, "</svg>", ""])


def _apart(ends: Sequence[tuple[float, str]]) -> dict[str, float]:
    """Return where the names stand, so that none covers another."""
    places: dict[str, float] = {}
    lowest = -math.inf
    for y, name in ends:
        lowest = max(y, lowest + 14)
        places[name] = lowest
    return places
