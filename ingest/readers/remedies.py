"""What can a person do about a document that its reader has to refuse? Each sentence stands here once."""

from __future__ import annotations

UNLOCK = (
    "Write its password into the file that KB_PASSWORD_FILE names and run `kb reread --failed`, or save it"
    " without a password and ingest that."
)
UNPROTECT = "Save it without a password, and ingest it again."
SAVE_AS_XLSX = "Open it in Excel and save it as XLSX."
ASK_PUBLISHER = "Ask its publisher for a copy without rights management."
OPEN_IN_MAIL = "Save it from a mail program that can open it, then ingest it again."
PRINT_ANEW = "Print it into a new PDF in the program that opens it, and ingest the copy."
GET_AGAIN = "Get the file again from where it came from, or open it and save it as a new PDF."
SAVE_AGAIN = "Open it in the program it came from, save it again or as a PDF, and ingest that."
RECOGNISE = (
    "Install the program tesseract-ocr (and tesseract-ocr-spa for Spanish) and ingest it again, or have the"
    " text of the scan recognised by another program first."
)

REMEDIES = (
    UNLOCK,
    UNPROTECT,
    SAVE_AS_XLSX,
    ASK_PUBLISHER,
    OPEN_IN_MAIL,
    PRINT_ANEW,
    GET_AGAIN,
    SAVE_AGAIN,
    RECOGNISE,
)
