"""OpenDocument, as LibreOffice writes it: texts, slides and sheets."""
