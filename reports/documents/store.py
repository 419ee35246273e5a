"""Files of documents. Their key begins with the organisation that they belong to, or with ``books``.

A file appears under its name at once and whole: it is written beside, and then renamed.
"""

import os
import tempfile
from pathlib import Path

from django.conf import settings


def key_of(document, sha256):
    """Where a file belongs: its organisation, its document, and the beginning of its SHA-256.

    The same content has the same key, so making it again leaves one file.
    """
    return f"{document.organisation_id}/documents/{document.pk}-{sha256[:16]}.pdf"


def write(key, content):
    """Keep ``content`` (bytes) under ``key`` for good: it is on the disk when this returns."""
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync(path.parent)


def read(key):
    """The bytes under ``key``; raises FileNotFoundError."""
    return _path(key).read_bytes()


def exists(key):
    """Whether there is a file under ``key``."""
    return _path(key).exists()


def remove_unfinished(organisation_id, older_than):
    """Remove what workers that died left half-written before ``older_than`` (seconds since 1970)."""
    for path in _path(f"{organisation_id}/documents").glob(".*.part"):
        if path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)


def _path(key):
    return Path(settings.FILES_DIR) / key


def _sync(folder):
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
