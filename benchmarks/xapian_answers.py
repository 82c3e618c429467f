"""How does xapian take part, whose Python module belongs to the system's Python? As a program of that one.

Runs by itself: reads a JSON list on each line, writes one for each. ["add", [[id, terms] …]], ["commit"],
["search", terms, limit] → ids. The folder of the database is its argument.
"""

import json
import sys

import xapian


def main() -> None:
    """Answer until there are no more lines."""
    database = xapian.WritableDatabase(sys.argv[1], xapian.DB_CREATE_OR_OPEN)
    for line in sys.stdin:
        what, *values = json.loads(line)
        answer = []
        if what == "add":
            for name, terms in values[0]:
                document = xapian.Document()
                document.set_data(name)
                for term in terms.split():
                    # xapian takes terms of up to 245 bytes.
                    document.add_term(term[:60])
                database.add_document(document)
        elif what == "commit":
            database.commit()
        else:
            enquire = xapian.Enquire(database)
            terms = [term[:60] for term in values[0]]
            enquire.set_query(xapian.Query(xapian.Query.OP_OR, terms))
            answer = [match.document.get_data().decode() for match in enquire.get_mset(0, values[1])]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
