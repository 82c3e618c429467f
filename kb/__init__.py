"""The truth: what a document is, where its words stand, and the catalog that keeps them."""

__version__ = "0.1.0"
