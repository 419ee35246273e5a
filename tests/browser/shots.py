"""Pictures of every state in ``states.py``, wide and on a phone: ``./dev shots [WORDS]`` writes them to ``shots/``.

Words choose the states whose names hold one of them.
"""

import os
import shutil
import sys
from pathlib import Path

FOLDER = Path("shots")
# Playwright's loop runs in this thread, and the database is asked from it too.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def main(site, words):
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from tests.browser.looking import SIZES, open_state, see_whole, visitor_of
    from tests.browser.states import STATES

    FOLDER.mkdir(exist_ok=True)
    wanted = [state for state in STATES if not words or any(word in state.name for word in words)]
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        for state in wanted:
            try:
                who, where = state.find()
            except LookupError as lack:
                print(f"left out: {state.name}: {lack}")
                continue
            for size in SIZES:
                with visitor_of(browser, site, who, size) as page:
                    open_state(page, f"{site}{where}", state.press)
                    see_whole(page, size)
                    name = f"{state.name.replace(',', '').replace(' ', '_')}_{size['width']}.png"
                    page.screenshot(path=FOLDER / name, full_page=True)
            print(state.name, flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
