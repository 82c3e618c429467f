"""What can a person do about a document that its reader has to refuse? Each sentence stands here once."""

from __future__ import annotations

UNPROTECT = "Save it without a password, and ingest it again."
SAVE_AS_XLSX = "Open it in Excel and save it as XLSX."
ASK_PUBLISHER = "Ask its publisher for a copy without rights management."
OPEN_IN_MAIL = "Save it from a mail program that can open it, then ingest it again."

REMEDIES = (UNPROTECT, SAVE_AS_XLSX, ASK_PUBLISHER, OPEN_IN_MAIL)
