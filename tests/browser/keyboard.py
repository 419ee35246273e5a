"""A person with nothing but a keyboard: Tab, arrows, Space, Enter and letters, and never a mouse.

Each step looks where the focus is: never lost, never behind the bar that closes a form, always to be seen.
"""

import re

import pytest
from playwright.sync_api import expect

from questionnaires.cells import split_cell_id
from questionnaires.forms import text_of
from tests.browser.pages import WIDE, Person

MOST_STEPS = 1500  # a page that takes more presses of Tab than this is a trap
MOST_CHOICES = 40
MOST_PASSES = 6  # answers bring further questions
SAVED = re.compile("Saved at|Kept at")  # the sandbox keeps what others save
REASON = "We have looked at it again, and it is right."

# The control that has the focus; null where none has it.
FOCUSED = """() => {
  const control = document.activeElement;
  if (!control || control === document.body) return null;
  const box = control.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const label = control.matches("[type=radio], [type=checkbox]") ? control.nextElementSibling : null;
  const drawn = [getComputedStyle(control), label && getComputedStyle(label, "::before")].filter(Boolean);
  const options = control.nodeName === "SELECT" ? [...control.options].map((option) => option.value) : [];
  return {
    tag: control.nodeName, name: control.name ?? "", value: control.value ?? "", kind: control.type ?? "",
    text: control.innerText ?? "", address: control.getAttribute("href") ?? "", checked: control.checked ?? false,
    options, place: control.selectedIndex ?? -1,
    opens: (control.nodeName === "SUMMARY" && control.parentNode.querySelector("[name^='special:']")?.name) || "",
    shown: drawn.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
    covered: !hit || Boolean(hit.closest(".closing") && !control.closest(".closing")),
  };
}"""


class Typist(Person):
    """A person who reaches everything with the keyboard."""

    def __init__(self, browser, site, *, scripts=True, size=WIDE):
        super().__init__(browser, site, scripts=scripts, size=size)
        self.keyboard = self.page.keyboard

    # Moving

    def step(self):
        """Press Tab and tell where the focus is now."""
        self.keyboard.press("Tab")
        return self.here()

    def here(self):
        """What has the focus, which must be to be seen; None at the end of the page."""
        focused = self.page.evaluate(FOCUSED)
        if focused:
            where = f"{focused['tag']} {focused['name'] or focused['text']} at {self.page.url}"
            assert focused["shown"], f"the focus does not show on {where}"
            assert not focused["covered"], f"the focus is covered on {where}"
        return focused

    def reach(self, fits, what):
        """Press Tab until the focus is on what ``fits`` says, once round the page at most."""
        ends = 0
        for _ in range(MOST_STEPS):
            focused = self.step()
            if focused and fits(focused):
                return focused
            ends += focused is None
            assert ends < 2, f"{what} is not on the way through {self.page.url}"
        raise AssertionError(f"the focus does not get out of {self.page.url}")

    def enter(self):
        """Press Enter, and look at the page that comes up."""
        before = self.page.evaluate("performance.timeOrigin")
        self.keyboard.press("Enter")
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
        self.look()

    def follow_by_key(self, words):
        """Go to a link whose text begins with ``words`` and press Enter."""
        self.reach(lambda at: at["tag"] == "A" and at["text"].strip().startswith(words), f"link {words}")
        self.enter()

    def press_by_key(self, words):
        """Go to a button whose text begins with ``words`` and press Enter."""
        self.reach(
            lambda at: at["tag"] == "BUTTON" and at["text"].strip().startswith(words), f"button {words}"
        )
        self.enter()

    def sign_in_by_key(self, email, password):
        self.open("/accounts/login/")
        for name, text in (("login", email), ("password", password)):
            self.reach(lambda at, name=name: at["name"] == name, name)
            self.keyboard.type(text)
        self.enter()

    # Answering

    def answer_by_key(self, cells):
        """Answer the open section with those of ``cells`` that it asks, give reasons, and go on to the next.

        cells: as for ``Person.answer``. What is asked only once something else is answered comes up after saving.
        """
        done = set()
        for _ in range(MOST_PASSES):
            new = self._go_through(cells, done)
            if not new:
                self.enter()
                return
            done |= new
            self.save_by_key()
        raise AssertionError(f"{self.page.url} keeps asking")

    def confirm_all_by_key(self):
        """Say that nothing else of the section has changed since last year."""
        self._press_for_all("confirm")

    def take_all_back_by_key(self):
        """Take all confirmations of the section back."""
        self._press_for_all("unconfirm")

    def _press_for_all(self, name):
        """Press a button about the whole section, which is gone once it has done its work."""
        self.reach(lambda at: at["name"] == name and at["value"] == "*", f"button to {name} all")
        if not self.scripts:
            self.enter()
            return
        self.keyboard.press("Enter")
        expect(self.page.locator(f"button[name={name}][value='*']")).to_have_count(0)
        assert self.here() is not None, f"the focus was lost by a button at {self.page.url}"

    def save_by_key(self):
        """Wait until all is saved; without scripts there is a button for it before the one that goes on."""
        if self.scripts:
            self.page.wait_for_timeout(450)  # a script saves 350 ms after the last change
            expect(self.page.locator("#saved")).to_contain_text(SAVED)
            self.page.wait_for_load_state("networkidle")
            self.look()
            return
        self.keyboard.press("Shift+Tab")
        while (at := self.here())["value"] != "here":
            assert at["name"] == "go", f"no button saves {self.page.url}"
            self.keyboard.press("Shift+Tab")
        self.enter()

    def _go_through(self, cells, done):
        """Go once through the section, to the button that goes on; returns what was answered on the way."""
        # Whoever listens to a page begins at its heading.
        self.page.locator("h1").evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
        new = set()
        for _ in range(MOST_STEPS):
            focused = self.step()
            if focused is None:
                assert not new, f"the focus was lost after {sorted(new)[-1]} of {self.page.url}"
                continue
            if focused["name"] == "go" and focused["value"] == "on":
                return new
            name = focused["name"]
            key = (name, focused["value"] if focused["kind"] == "checkbox" else "")
            if key not in done | new and self._answer(focused, cells):
                new.add(key)
        raise AssertionError(f"the focus does not get out of {self.page.url}")

    def _answer(self, focused, cells):
        """Answer the control that has the focus as ``cells`` say; whether there was something to answer."""
        name = focused["name"]
        if focused["tag"] == "SUMMARY" and _is_special(focused["opens"], cells):
            self.keyboard.press("Enter")
            return False
        if name.startswith("why:"):
            return not focused["value"] and self._pick(focused, focused["options"][-1])
        if name.startswith("reason:"):
            return not focused["value"] and self._write(REASON)
        if _is_special(name, cells):
            return self._pick(focused, cells[name.removeprefix("special:")][:-1])
        wanted = cells.get(name)
        if wanted is None or str(wanted).endswith("!"):
            return False
        if focused["kind"] == "checkbox":
            return self._tick(focused, wanted)
        if focused["kind"] == "radio":
            return self._choose(focused, wanted)
        if focused["tag"] == "SELECT":
            return self._pick(focused, wanted)
        return self._write(wanted[0] if isinstance(wanted, list) else wanted)

    def _write(self, text):
        self.keyboard.press("Control+A")
        self.keyboard.type(text)
        return True

    def _tick(self, focused, wanted):
        if (focused["value"] in wanted) == focused["checked"]:
            return False
        self.keyboard.press("Space")
        return True

    def _choose(self, focused, wanted):
        """Arrows move through a group of radio buttons and choose; Space chooses the one they start from."""
        if focused["value"] == wanted:
            self.keyboard.press("Space")
        for _ in range(MOST_CHOICES):
            if (at := self.here())["value"] == wanted:
                assert at["checked"], f"{focused['name']} is not chosen by arrows"
                return True
            self.keyboard.press("ArrowDown")
        raise AssertionError(f"{focused['name']} does not offer {wanted}")

    def _pick(self, focused, wanted):
        """Arrows choose in a list."""
        distance = focused["options"].index(wanted) - focused["place"]
        for _ in range(abs(distance)):
            self.keyboard.press("ArrowDown" if distance > 0 else "ArrowUp")
        assert self.here()["value"] == wanted, f"{focused['name']} is not chosen by arrows"
        return True


def ways(*scripts_and_size):
    """The same journey in several ways: (whether scripts run, size of the window)."""
    named = [
        f"{'scripts' if scripts else 'no_scripts'}_{size['width']}" for scripts, size in scripts_and_size
    ]
    return pytest.mark.parametrize(("scripts", "size"), scripts_and_size, ids=named)


def _is_special(name, cells):
    """Whether a list of special answers is where a cell of ``cells`` is answered."""
    cell = name.removeprefix("special:")
    return cell != name and str(cells.get(cell, "")).endswith("!")


def typed(cells, questionnaire, registers):
    """Stored answers as a person gives them: cell -> text, key of an option, list of keys, or ``NK!``."""
    return {
        name: _as_typed(questionnaire.cell(*split_cell_id(name)), kept, registers)
        for name, kept in cells.items()
    }


def _as_typed(cell, kept, registers):
    field = cell.field
    if "s" in kept:
        return kept["s"] if cell.column and field.kind.widget == "input" else f"{kept['s']}!"
    if field.kind.widget in ("radios", "checkboxes"):
        return kept["v"]
    if field.kind.widget == "lookup":
        return field.kind.shown(kept, field, registers)
    return text_of(field, kept)
