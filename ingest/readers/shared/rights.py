"""Whose is a document, and on which terms may it be used? As the fields of its format state.

The names are those of Dublin Core, schema.org, XMP Rights Management and office programs, and what
people call such a field of their own in English and in Spanish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest.readers.shared.stated import author_of
from kb.text import canonical_line

_NAMES = {
    "Licence": (
        "license licence licencia dcterms.license dc.license dc.rights.license dc.rights.licence"
        " usageterms webstatement"
    ),
    "Rights": "rights dc.rights dcterms.rights copyright derechos copyrightnotice",
    "Owner": (
        "owner propietario dueño rightsholder rights_holder dcterms.rightsholder dc.rightsholder"
        " copyrightholder copyright_holder titular company organization organización organizacion"
    ),
    "Publisher": "publisher dc.publisher dcterms.publisher editorial",
}
_LONGEST = 300
_MOST = 3


def rights(stated: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Return what fields, by their names in small letters, say of licence, rights, owner and publisher.

    Of several values of a field each comes once; those that programs fill in for want of a name are left out.
    """
    found = []
    for label, names in _NAMES.items():
        values = [canonical_line(value) for name in names.split() for value in stated.get(name, ())]
        if label in ("Owner", "Publisher"):
            values = [value for value in values if value.startswith("http") or author_of(value)]
        if said := "; ".join(list(dict.fromkeys(filter(None, values)))[:_MOST]):
            found.append((label, said[:_LONGEST]))
    return tuple(found)
