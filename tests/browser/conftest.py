"""What the journeys need: the registers, people with browsers, mails that were sent."""

import time
from email import message_from_bytes, policy

import pytest
from django.core.management import call_command

from tests.browser.keyboard import Typist
from tests.browser.pages import WIDE, Person

PATIENCE_SECONDS = 60


@pytest.fixture
def registers(transactional_db):
    """The real registers, collections and definitions."""
    call_command("load_reference", verbosity=0)


@pytest.fixture
def person(browser, live_server):
    """``person(scripts=False, size=PHONE)`` gives a Person with a browser of their own."""
    yield from people_of(Person, browser, live_server)


@pytest.fixture
def typist(browser, live_server):
    """The same with a keyboard only: ``typist(...)`` gives a Typist."""
    yield from people_of(Typist, browser, live_server)


def people_of(kind, browser, live_server):
    """A function that opens a browser for a person of that kind; in the end all browsers close."""
    people = []

    def open_browser(*, scripts=True, size=WIDE):
        people.append(kind(browser, live_server.url, scripts=scripts, size=size))
        return people[-1]

    yield open_browser
    for one in people:
        one.context.close()


@pytest.fixture
def mails(mailoutbox, settings):
    """``mails(address)`` waits for a mail to that address and gives the text of the latest."""

    def texts(address):
        own = [mail.body for mail in mailoutbox if address in mail.to]
        for path in sorted(settings.MAIL_DIR.glob("*.log"), key=lambda path: path.stat().st_mtime):
            for raw in path.read_bytes().split(b"-" * 79):
                mail = message_from_bytes(raw.lstrip(), policy=policy.default)
                if mail["To"] and address in mail["To"]:
                    own.append(mail.get_content())
        return own

    def wait(address):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := texts(address)):
            assert time.monotonic() < deadline, f"no mail to {address}"
            time.sleep(0.2)
        return found[-1]

    return wait
