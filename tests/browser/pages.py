"""A person at a browser: goes where a person goes, and looks at every page that comes up.

What a page may never do is checked on each: complain in the console, break the content security policy, scroll
sideways, or have no title.
"""

import re
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SAVED = re.compile("Saved at|Last saved|Nothing saved yet")


class Person:
    """Somebody with a browser of their own. ``scripts``: whether theirs runs scripts."""

    def __init__(self, browser, site, *, scripts=True, size=WIDE):
        self.site, self.scripts = site, scripts
        self.context = browser.new_context(
            viewport=size, java_script_enabled=scripts, locale="en-GB", timezone_id="Europe/London"
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({self.page.url})")

    # Going

    def open(self, address):
        """Go to a page of the site; the address of a mail's link may name another host."""
        parts = urlsplit(address)
        query = f"?{parts.query}" if parts.query else ""
        self.page.goto(f"{self.site}{parts.path}{query}")
        self.look()

    def follow(self, name, *, within=None):
        """Follow the first link of that name."""
        self.click((within or self.page).get_by_role("link", name=name))

    def follow_to(self, address):
        """Follow the first link whose address holds ``address``."""
        self.click(self.page.locator(f"a[href*='{address}']"))

    def press_value(self, name, value):
        """Press the first button of that name and value."""
        self.click(self.page.locator(f"button[name='{name}'][value='{value}']"))

    def press(self, name, *, within=None):
        """Press the first button of that name."""
        self.click((within or self.page).get_by_role("button", name=name))

    def click(self, locator):
        """Click the first of what a locator finds, and look at the page that comes up."""
        locator.first.click()
        self.look()

    def fill(self, **fields):
        """Fill in fields of a form by their names."""
        for name, value in fields.items():
            self.page.locator(f"[name='{name}']").fill(value)

    def choose(self, name, value):
        """Tick the radio button or box of that name and value."""
        self.page.locator(f"input[name='{name}'][value='{value}']").check()

    # Looking

    def look(self):
        """Check what holds for every page."""
        self.page.wait_for_load_state()
        # A page that has only begun to arrive has no title yet.
        expect(self.page).to_have_title(re.compile(r"\S"))
        where = self.page.url
        assert self.complaints == [], f"complaints at {where}"
        assert self.page.locator("h1").count() == 1, f"not one heading at {where}: {self.page.title()}"
        width, room = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= room, f"{where} is {width} wide in a window of {room}"

    def sees(self, words):
        expect(self.page.locator("body")).to_contain_text(words)

    def path(self):
        return urlsplit(self.page.url).path

    # Signing in

    def sign_in(self, email, password, secret=None, at=None):
        """Sign in; staff by ``secret`` of their authenticator, at the Unix time ``at``."""
        self.open("/accounts/login/")
        self.fill(login=email, password=password)
        self.press("Sign in")
        if secret:
            self.fill(code=format_hotp_value(hotp_value(secret, int(at) // 30)))
            self.press("Sign in")

    # Answering

    def answer(self, cells):
        """Fill in the section that is open with those of ``cells`` that it asks, and go on to the next.

        cells: name of a field -> text, key of an option, or list of keys; ``NK!`` is the special answer NK. What is
        asked only once something else is answered comes up after saving.
        """
        self.give(cells)
        self.go_on()

    def give(self, cells):
        """Fill in what the open section asks of ``cells``, and stay."""
        given = set()
        while asked := [name for name in cells if name not in given and self._asks(name)]:
            for name in asked:
                self._give(name, cells[name])
            given.update(asked)
            self.save()

    def answer_all(self, cells):
        """Answer from the open section to the last one."""
        while re.search(r"/responses/\d+/[A-Z]+/$", here := self.path()):
            self.answer(cells)
            assert self.path() != here, f"{here} was not left: {self.page.inner_text('#section-top')}"

    def _asks(self, name):
        question, _, row = name.partition("|")
        if self.page.locator(f"[name='{name}']").count():
            return True
        adds = self.page.locator(f"button[name='add'][value='{question}']")
        if row.startswith("r1|") and adds.count():
            adds.click()
            self.page.wait_for_load_state()
            self.page.locator(f"[name='{name}']").first.wait_for(state="attached")
        return self.page.locator(f"[name='{name}']").count() > 0

    def _give(self, name, value):
        if isinstance(value, str) and value.endswith("!"):
            field = self.page.locator(f"select[name='special:{name}']")
            field.locator("xpath=ancestor::details").locator("summary").click()
            field.select_option(value[:-1])
            return
        for one in value if isinstance(value, list) else [value]:
            self._give_one(name, one)

    def _give_one(self, name, value):
        if self.page.locator(f"input[name='{name}']:is([type=radio], [type=checkbox])").count():
            self.choose(name, value)
            return
        field = self.page.locator(f"[name='{name}']:not([type=hidden])").last
        if field.evaluate("field => field.nodeName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)

    def save(self):
        """Wait until all is saved; without scripts press the button for it."""
        if self.scripts:
            self.page.keyboard.press("Tab")
            self.page.wait_for_timeout(450)  # a script saves 350 ms after the last change
            expect(self.page.locator("#saved")).to_contain_text("Saved at")
            self.page.wait_for_load_state("networkidle")
        else:
            self.page.locator(".closing button[value='here']").click()
        self.look()

    def go_on(self):
        self.click(self.page.locator("button[name='go'][value='on']"))
