"""From the catalog to a ranking: analysis, engines, queries, search, evaluation."""
