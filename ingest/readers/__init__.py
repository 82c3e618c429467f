"""The readers: one module for each format, from bytes to a Document; `registry` names them."""
