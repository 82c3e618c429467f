"""How does the library stand? One report, for people and for programs."""

from __future__ import annotations

from typing import Any

from index.ranking import groups, scoring, shortlist
from kb.errors import KBError
from kb.model import Source, SourceState
from webapp.layout.findings import place_of
from webapp.wiring import Services


def status_json(services: Services, *, documents: bool = False) -> dict[str, Any]:
    """Return the state of the library; ``ok`` when nothing failed and the index has all that was read."""
    with services.catalog.reading() as transaction:
        states = transaction.sources.states()
        collections = transaction.sources.collections()
        passages = transaction.passages.count()
        last = transaction.passages.last_sequence()
        failed = transaction.sources.all(states=[SourceState.FAILED])
        postponed = transaction.claims.postponed()
        missing = transaction.files.count_missing()
        counts = transaction.passages.counts_by_source() if documents else {}
        listed = transaction.sources.all() if documents else []
    index = _index_json(services, last)
    report: dict[str, Any] = {
        "ok": not failed and index["error"] is None and index["behind"] == 0,
        "home": str(services.settings.home),
        "documents": {state.value: states.get(state, 0) for state in SourceState},
        "missing": missing,
        "collections": collections,
        "passages": passages,
        "index": index,
        "compiled": all(part.COMPILED for part in (groups, scoring, shortlist)),
        "synonyms": _synonyms_json(services),
        "failed": [_failure(source) for source in failed],
        "postponed": [_postponed(source) for source in postponed],
    }
    if documents:
        report["listed"] = [_listed(source, counts.get(source.id, 0)) for source in listed]
    return report


def _index_json(services: Services, last: int) -> dict[str, Any]:
    index: dict[str, Any] = {"generation": None, "sequence": 0, "behind": last, "error": None}
    try:
        number = services.generations.live()
        if number is not None:
            engine = services.generations.open(number)
            sequence = engine.sequence
            engine.close()
            index.update(generation=number, sequence=sequence, behind=last - sequence)
    except KBError as error:
        index["error"] = f"{error}. {error.remedy}"
    return index


def _synonyms_json(services: Services) -> dict[str, Any]:
    synonyms = services.search.synonyms
    read = synonyms.current()
    return {"file": str(synonyms.path), "words": len(read.others), "faults": list(read.faults)}


def _failure(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "uri": source.uri,
        "code": source.error_code,
        "reason": source.error,
        "remedy": source.remedy,
        "attempts": source.attempts,
        "still_served": source.document_id is not None,
    }


def _postponed(source: Source) -> dict[str, Any]:
    until = source.not_before
    return {
        **_failure(source),
        "not_before": until.isoformat(timespec="seconds") if until is not None else None,
    }


def _listed(source: Source, passages: int) -> dict[str, Any]:
    return {
        "id": source.id,
        "collection": source.collection,
        "place": source.place,
        "title": source.title,
        "state": source.state.value,
        "passages": passages,
        "changed_at": source.changed_at.isoformat(timespec="seconds"),
    }


def status_text(report: dict[str, Any]) -> str:
    """Return the report for people."""
    states = report["documents"]
    lines = [
        f"home: {report['home']}",
        "documents: "
        + ", ".join(f"{count} {state}" for state, count in states.items() if count or state == "ready"),
        "collections: " + (", ".join(f"{name} ({n})" for name, n in report["collections"].items()) or "none"),
        f"passages: {report['passages']:,}",
        *([f"files that are gone: {report['missing']:,}"] if report["missing"] else []),
        _index_line(report["index"]),
        "ranking: "
        + ("compiled" if report["compiled"] else "by numpy, as there was no C compiler to install with"),
    ]
    synonyms = report["synonyms"]
    lines += [f"synonyms: {synonyms['file']}: {fault}" for fault in synonyms["faults"]]
    lines += [_listed_line(source) for source in report.get("listed", [])]
    lines += [
        f"failed: {source['uri']}: {source['reason']}. {source['remedy']}" for source in report["failed"]
    ]
    lines += [_postponed_line(source) for source in report["postponed"]]
    return "\n".join(lines)


def _postponed_line(source: dict[str, Any]) -> str:
    why = f"{source['reason']}. {source['remedy']}" if source["reason"] else "its reader ended before"
    return f"waits until {source['not_before']}: {source['uri']}: {why}"


def _index_line(index: dict[str, Any]) -> str:
    if index["error"]:
        return f"index: {index['error']}"
    if index["generation"] is None:
        return "index: none yet" + ("; run `kb worker --once`" if index["behind"] else "")
    behind = index["behind"]
    state = "up to date" if not behind else f"{behind:,} changes behind; a worker brings it up to date"
    return f"index: generation {index['generation']}, {state}"


def _listed_line(source: dict[str, Any]) -> str:
    place = place_of(source["collection"], source["place"])
    return (
        f"{source['id']}  {source['state']:<8} {source['passages']:>5} passages  {place}  {source['title']}"
    )
