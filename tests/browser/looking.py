"""Opening the demonstration's pages as somebody, without the way through the sign-in page."""

from contextlib import contextmanager

from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.browser.pages import PHONE, WIDE

SIZES = (WIDE, PHONE)


@contextmanager
def visitor_of(browser, site, email, size):
    """A page of a browser in which the person of that address is signed in; nobody for an empty one."""
    context = browser.new_context(
        viewport=size, reduced_motion="reduce", locale="en-GB", timezone_id="Europe/London"
    )
    if email:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(email), "url": site}])
    try:
        yield context.new_page()
    finally:
        context.close()


def open_state(page, address, press):
    """Go to an address and press the button of that name, if any; returns the answer to the address."""
    answer = page.goto(address)
    if press:
        with page.expect_navigation():
            page.get_by_role("button", name=press).click()
    return answer


def session_of(email):
    """The key of a new session of that person."""
    client = Client()
    client.force_login(User.objects.get(email=email), "django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def see_whole(page, size):
    """Make the window as high as its page, so that the bar that closes a form covers none of it."""
    page.set_viewport_size(size)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
