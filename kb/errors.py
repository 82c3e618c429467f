"""Which errors can happen, and what can a person do about each?

KBError
├── SettingsError          a setting is missing or has a value that cannot work
├── HomeError              the folder that holds everything cannot be used
├── StorageError           the disk cannot be read or written
├── UnexpectedError        something happened that nobody thought of
├── SourceError            a document cannot be taken in
│   ├── SourceMissing      the file or folder is not there or may not be read
│   ├── SourceTooLarge     the document is over a limit
│   ├── SourceEmpty        the document has no words
│   ├── SourceUnreadable   the bytes are not what their format says
│   ├── SourceLocked       the document opens with a password only
│   ├── ReaderCrashed      the reader of a format came to a sudden end
│   ├── ReadingBrokenOff   whoever read the document ended before it was read, again and again
│   ├── SourceForbidden    an address may not be asked for, or its server refuses
│   ├── SourceUnreachable  a server gives no usable answer
│   ├── SourceBusy         a server asks to be left alone for a while
│   ├── SourceGone         a page is no longer where it was
│   ├── FolderVanished     a watched folder lost so much that it looks like an accident
│   └── UnknownFormat      no reader for this kind of document
├── CatalogError           the catalog cannot do what was asked
│   ├── CatalogNewer       the catalog was written by a newer version
│   ├── PassageUnknown     no passage has or ever had this id
│   └── SourceUnknown      no source has this id
├── SearchIndexError       the index cannot answer
│   ├── IndexMissing       there is no index yet
│   ├── IndexIncompatible  the index was written by another version
│   └── IndexBusy          another process is writing the index
├── BackupError            a backup cannot be written or restored
├── QueryError             the question cannot be searched for
├── EvaluationError        a test set cannot be used
└── ServerError            the server cannot start

Each class has a ``code`` for programs and a ``remedy`` for people; a raise may give a more exact remedy.
"""

from __future__ import annotations


class KBError(Exception):
    """The root of all errors that this project raises on purpose."""

    code = "error"
    remedy = "Run the command again with --help, or look at the log."
    passes = False
    """Tells that the same may go well later, without anybody doing anything to it."""

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        if remedy is not None:
            self.remedy = remedy

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else self.code


class SettingsError(KBError):
    """A setting is missing or has a value that cannot work."""

    code = "settings"
    remedy = "Run `kb settings` to see every setting, its value and its default."


class HomeError(KBError):
    """The folder that holds everything cannot be used."""

    code = "home"
    remedy = "Set KB_HOME to a folder that you may write to."


class StorageError(KBError):
    """The disk cannot be read or written."""

    code = "storage"
    passes = True
    remedy = "Free space on the disk, check that you may write to KB_HOME, and try again; nothing is lost."


class UnexpectedError(KBError):
    """Something happened that nobody thought of; the log says more."""

    code = "unexpected"
    remedy = "Please report it with the log; the other documents are not affected."


class SourceError(KBError):
    """A document cannot be taken in."""

    code = "source"
    remedy = "Open the document in the program it came from, save it again, and ingest it again."


class SourceMissing(SourceError):
    """The file or folder is not there or may not be read."""

    code = "source-missing"
    remedy = "Check the path and that you may read it."


class SourceTooLarge(SourceError):
    """The document is over a limit."""

    code = "source-too-large"
    remedy = "Split the document, or raise the limit (see `kb settings`)."


class SourceEmpty(SourceError):
    """The document has no words."""

    code = "source-empty"
    remedy = "If the document should have text, open it and save it again."


class SourceUnreadable(SourceError):
    """The bytes are not what their format says."""

    code = "source-unreadable"


class SourceLocked(SourceError):
    """The document opens with a password only, and none that is known opens it."""

    code = "source-locked"
    remedy = "Save it without a password, and ingest it again."


class ReaderCrashed(SourceError):
    """The reader of a format came to a sudden end over this document; the others are not affected."""

    code = "reader-crashed"
    remedy = "Open the document in the program it came from, save it again or as a PDF, and ingest that."


class ReadingBrokenOff(SourceError):
    """Whoever read the document ended before it was read, again and again; it is set aside."""

    code = "reading-broken-off"
    remedy = "Look in the log for why the worker ended; then have the document read again."


class SourceForbidden(SourceError):
    """An address may not be asked for, or its server refuses to show it."""

    code = "source-forbidden"
    remedy = "Save the page as a file and ingest that, or ask those who run the site."


class SourceUnreachable(SourceError):
    """A server gives no usable answer."""

    code = "source-unreachable"
    remedy = "Try again later; what was read before is still found."


class SourceBusy(SourceUnreachable):
    """A server asks to be left alone for a while; ``seconds`` says how long."""

    code = "source-busy"

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class SourceGone(SourceError):
    """A page is no longer where it was."""

    code = "source-gone"
    remedy = "It stays in the library as it was; take it out with `kb remove`, or ingest its new address."


class FolderVanished(SourceError):
    """A watched folder is missing, empty or lost more than half of its files: it looks like an accident."""

    code = "folder-vanished"
    remedy = (
        "Connect the drive again. If the files were deleted on purpose, take their documents out with "
        "`kb remove --missing`."
    )


class UnknownFormat(SourceError):
    """No reader exists for this kind of document."""

    code = "unknown-format"
    remedy = "Save it in one of the formats that can be read, and ingest it again."


class CatalogError(KBError):
    """The catalog cannot do what was asked."""

    code = "catalog"
    remedy = "If it happens again, restore catalog.sqlite from a backup."


class CatalogNewer(CatalogError):
    """The catalog was written by a newer version of this program."""

    code = "catalog-newer"
    remedy = "Upgrade kb to the version that wrote it, or point KB_HOME elsewhere."


class PassageUnknown(CatalogError):
    """No passage has or ever had this id."""

    code = "passage-unknown"
    remedy = "Check that the link was copied whole."


class SourceUnknown(CatalogError):
    """No source has this id."""

    code = "source-unknown"
    remedy = "Run `kb status --documents` to list the sources."


class SearchIndexError(KBError):
    """The index cannot answer."""

    code = "index"
    remedy = "Run `kb reindex` to build the index again from the catalog."


class IndexMissing(SearchIndexError):
    """There is no index yet."""

    code = "index-missing"
    remedy = "Run `kb ingest FOLDER` to add documents, or `kb reindex` if there are some already."


class IndexIncompatible(SearchIndexError):
    """The index was written by another version of this program."""

    code = "index-incompatible"


class IndexBusy(SearchIndexError):
    """Another process is writing the index."""

    code = "index-busy"
    remedy = "Wait for it to end, then try again."


class BackupError(KBError):
    """A backup cannot be written or restored."""

    code = "backup"
    remedy = "Choose another file or an empty KB_HOME, and try again."


class QueryError(KBError):
    """The question cannot be searched for."""

    code = "query"
    remedy = "Ask with one or more words."


class EvaluationError(KBError):
    """A test set cannot be used."""

    code = "evaluation"
    remedy = "A set is a folder with corpus.jsonl, queries.jsonl and qrels.tsv."


class ServerError(KBError):
    """The server cannot start."""

    code = "server"
