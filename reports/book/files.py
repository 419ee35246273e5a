"""The PDF of a book in the store: named by its content, so that it is never older than the definitions."""

import logging

from django.conf import settings
from kombu.exceptions import OperationalError

from reports.book.contents import book_of
from reports.book.pdf import as_pdf
from reports.documents import store
from reports.profiles.render import exercise

logger = logging.getLogger(__name__)


def key_of(book):
    """Where the PDF of a Book is kept; books belong to no organisation."""
    kind = "-demonstration" if settings.DEMONSTRATION else ""
    return f"books/{book.year.replace('/', '-')}{kind}-{book.sha256[:16]}.pdf"


def present(book):
    """Whether the PDF has been made."""
    return store.exists(key_of(book))


def read(book):
    """The bytes of the PDF; None while nobody has made it."""
    try:
        return store.read(key_of(book))
    except FileNotFoundError:
        return None


def ask_for(collection):
    """Nudge a worker; without a broker the sweep makes what is missing within a minute or so."""
    from reports.tasks import make_book

    try:
        make_book.delay(collection.pk)
    except OperationalError:
        logger.warning("the broker is away: the book of %s waits for the sweep", collection)


def make(collection):
    """Make the PDF of a collection's book unless it is there; safe to run twice. Returns whether it was made."""
    book = book_of(collection)
    if present(book):
        return False
    store.write(key_of(book), as_pdf(book, exercise(), demonstration=settings.DEMONSTRATION))
    return True
