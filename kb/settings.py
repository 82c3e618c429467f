"""Which settings are there? One table drives the defaults, the ``KB_*`` variables, the help and the docs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import platformdirs

from kb.errors import HomeError, SettingsError


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: its name, type, default (as text), what it is for; its values if they are few."""

    name: str
    type: type
    default: str
    help: str
    choices: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """Return the name of the environment variable."""
        return f"KB_{self.name.upper()}"


SETTINGS: tuple[Setting, ...] = (
    Setting("home", Path, "", "Folder that holds everything; empty means your user data folder."),
    Setting("database_url", str, "", "Catalog database; empty means an SQLite file in the home folder."),
    Setting("host", str, "127.0.0.1", "Address that the pages are served on; only this machine is allowed."),
    Setting("port", int, "8000", "Port that the pages are served on."),
    Setting("processes", int, "0", "Processes that answer requests; 0 means one for each processor."),
    Setting("threads", int, "4", "Requests that one of these answers at the same time."),
    Setting(
        "allowed_hosts", str, "", "More host names that the pages may be asked for by, separated by commas."
    ),
    Setting(
        "api_origins",
        str,
        "",
        "Web sites (https://host) whose scripts may read the API from browsers, separated by commas.",
    ),
    Setting("max_file_mb", int, "64", "Largest file that is taken in, in megabytes."),
    Setting("max_text_chars", int, "10000000", "Longest text that one document may have, in characters."),
    Setting(
        "max_parts", int, "10000", "Most files in an archive or message, with those of the archives in it."
    ),
    Setting(
        "max_unpacked_mb",
        int,
        "512",
        "Most that an archive may unpack to, with those in it, in megabytes.",
    ),
    Setting("max_nesting", int, "3", "How deep archives and messages may stand in one another."),
    Setting("readers", int, "0", "Documents that are read at the same time; 0 means one for each processor."),
    Setting("read_seconds", float, "300", "Longest that reading one document may take, in seconds."),
    Setting("read_memory_mb", int, "1024", "Most memory that reading one document may take, in megabytes."),
    Setting("read_output_mb", int, "64", "Largest result of reading one document, in megabytes."),
    Setting(
        "password_file",
        str,
        "",
        "File with passwords that are tried on locked PDFs, one a line; empty for none.",
    ),
    Setting(
        "keep_days",
        int,
        "0",
        "Days that earlier versions of documents are kept after they were replaced; 0 for ever.",
    ),
    Setting("keep_versions", int, "3", "Newest versions of each document that are kept however old."),
    Setting(
        "pictures_mb",
        int,
        "500",
        "Most space that pictures of pages may take in the home folder, in megabytes.",
    ),
    Setting("results_per_page", int, "10", "Passages on one page of results."),
    Setting("worker_interval", float, "0.25", "Seconds between two looks for work."),
    Setting("lock_wait", float, "60", "Seconds to wait while another process writes the index."),
    Setting(
        "judged_set",
        str,
        "",
        "Folder of a test set with a floors.json that a new index must hold before it is used.",
    ),
    Setting(
        "web_allow",
        str,
        "",
        "Networks (10.0.0.0/8), addresses and host names inside your network that pages may be fetched from, "
        "separated by commas.",
    ),
    Setting("web_ports", str, "80,443", "Ports that pages may be fetched from, separated by commas."),
    Setting("web_agent", str, "kb", "Name that is told to web servers and looked for in robots.txt."),
    Setting("web_delay", float, "1", "Seconds between two requests to one web server."),
    Setting(
        "web_timeout", float, "30", "Seconds without a sign of life after which a web server is given up."
    ),
    Setting("web_total", float, "300", "Seconds that fetching one page may take in all."),
    Setting("web_pages", int, "1000", "Most pages that one site or sitemap is asked for."),
    Setting(
        "watch",
        str,
        "",
        "Folders that the worker watches, separated as in PATH; NAME=FOLDER names the collection.",
    ),
    Setting("watch_quiet", float, "2", "Seconds that a file must stay as it is before it is taken in."),
    Setting("watch_grace", float, "600", "Seconds after which the document of a deleted file is taken out."),
    Setting("watch_rescan", float, "600", "Seconds between two full passes through the watched folders."),
    Setting(
        "recheck_hours", float, "24", "Hours after which a page is asked whether it has changed; 0 for never."
    ),
    Setting(
        "questions",
        str,
        "known",
        "What is kept of questions: known (their words that the documents have too), all words, or none.",
        choices=("known", "all", "none"),
    ),
    Setting("question_days", int, "90", "Days that questions are kept."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their values; made once at the start and handed to those who need it."""

    home: Path
    database_url: str
    host: str
    port: int
    processes: int
    threads: int
    allowed_hosts: str
    api_origins: str
    max_file_mb: int
    max_text_chars: int
    max_parts: int
    max_unpacked_mb: int
    max_nesting: int
    readers: int
    read_seconds: float
    read_memory_mb: int
    read_output_mb: int
    password_file: str
    keep_days: int
    keep_versions: int
    pictures_mb: int
    results_per_page: int
    worker_interval: float
    lock_wait: float
    judged_set: str
    web_allow: str
    web_ports: str
    web_agent: str
    web_delay: float
    web_timeout: float
    web_total: float
    web_pages: int
    watch: str
    watch_quiet: float
    watch_grace: float
    watch_rescan: float
    recheck_hours: float
    questions: str
    question_days: int

    @property
    def catalog_url(self) -> str:
        """Return the SQLAlchemy URL of the catalog."""
        return self.database_url or f"sqlite:///{(self.home / 'catalog.sqlite').as_posix()}"

    @property
    def passwords_path(self) -> Path | None:
        """Return the file of passwords, or None where none is named."""
        return Path(self.password_file).expanduser() if self.password_file else None

    @property
    def blobs_folder(self) -> Path:
        """Return the folder of the source bytes."""
        return self.home / "blobs"

    @property
    def index_folder(self) -> Path:
        """Return the folder of the index generations."""
        return self.home / "index"


def load(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings from ``KB_*`` variables; ``overrides`` (from the command line) win.

    Raises SettingsError for a value of the wrong type.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    for setting in SETTINGS:
        given = overrides.get(setting.name)
        text = str(given) if given is not None else environ.get(setting.variable, setting.default)
        values[setting.name] = _parse(setting, text)
    return Settings(**values)  # type: ignore[arg-type]  # the table and the class agree: a test holds them


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return the ``KB_*`` variables that no setting has: most often a slip of the hand."""
    known = {setting.variable for setting in SETTINGS}
    return sorted(name for name in environ or os.environ if name.startswith("KB_") and name not in known)


def _parse(setting: Setting, text: str) -> object:
    if setting.name == "home":
        return Path(text).expanduser().absolute() if text else Path(platformdirs.user_data_dir("kb", False))
    if setting.choices and text not in setting.choices:
        raise SettingsError(f"{setting.variable} must be one of {', '.join(setting.choices)}, not {text!r}")
    if setting.type is str:
        return text
    try:
        number = float(text) if setting.type is float else int(text)
    except ValueError:
        kind = "a number" if setting.type is float else "a whole number"
        raise SettingsError(f"{setting.variable} must be {kind}, not {text!r}") from None
    if not 0 <= number < float("inf"):
        raise SettingsError(f"{setting.variable} must be zero or more, not {text}")
    return number


def prepare_home(home: Path) -> Path:
    """Create the home folder, readable by its owner only, or raise HomeError saying why that fails."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HomeError(f"the folder {home} cannot be written to: {error.strerror}") from error
    return home


def rows(settings: Settings) -> list[tuple[Setting, object]]:
    """Return each row of the table with its value, for showing."""
    by_name = {row.name: row for row in SETTINGS}
    return [(by_name[field.name], getattr(settings, field.name)) for field in fields(settings)]
