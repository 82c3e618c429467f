"""The readers, from bytes to a Document: a package for each family of formats; `registry` knows them all."""
