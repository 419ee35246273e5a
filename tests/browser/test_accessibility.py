"""Every page and state of ``states.py`` against WCAG 2.2 AA, by axe, wide and on a phone."""

from pathlib import Path

import pytest
from django.core.management import call_command

from questionnaires.tuning.actions import jobs_due, work_on
from reports.demo.load import load_demo
from tests.browser.looking import SIZES, open_state, see_whole, visitor_of
from tests.browser.states import STATES

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def demonstration(transactional_db, settings):
    """The demonstration as far as the states need it."""
    settings.DEMONSTRATION = True
    call_command("load_reference", verbosity=0)
    load_demo(only=AUTHORITIES)
    for job in jobs_due():
        work_on(job)


# Every state of a return, and a successor.
AUTHORITIES = [
    "trafford", "gateshead", "kirklees", "camden", "southend-on-sea", "cheshire", "cheshire-east",
]  # fmt: skip


def violations_of(page):
    """What axe finds on the page that is open: each rule with the first elements that break it."""
    found = page.evaluate(RUN, RULES)["violations"]
    return [f"{one['id']}: {', '.join(str(node['target'][0]) for node in one['nodes'][:3])}" for one in found]


@pytest.mark.usefixtures("demonstration")
def test_no_page_keeps_anybody_out(browser, live_server):
    faults = {}
    for state in STATES:
        who, where = state.find()
        with visitor_of(browser, live_server.url, who, SIZES[0]) as page:
            complaints = []
            page.on("console", lambda message, heard=complaints: heard.append(message.text))
            page.on("pageerror", lambda error, heard=complaints: heard.append(str(error)))
            answer = open_state(page, f"{live_server.url}{where}", state.press)
            if answer.status >= 500:
                faults[state.name] = f"{where} answers {answer.status}"
                continue
            page.evaluate(AXE)
            for size in SIZES:
                see_whole(page, size)
                found = violations_of(page)
                found += ["scrolls sideways"] if page.evaluate(WIDER) > 0 else []
                if found:
                    faults[f"{state.name}, {size['width']}"] = found
            if answer.ok and complaints:
                faults[f"{state.name}, console"] = complaints

    assert faults == {}
