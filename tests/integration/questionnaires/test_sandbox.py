"""The sandbox: every questionnaire of the coming collection for everybody, as people answer for real."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from redis.exceptions import RedisError

from questionnaires import desk
from questionnaires.evaluation import evaluate
from questionnaires.loading import load_definitions
from questionnaires.queries import sandbox as queries
from tests.factories import CollectionFactory

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}
CAMHS = "/sandbox/primary-care-trust/service-08/"
TRUST = "/sandbox/local-authority/childrens_trust/"


@pytest.fixture(autouse=True)
def coming(db):
    """2009/10 is being answered, 2010/11 comes next; both ask the real questionnaires."""
    CollectionFactory(year=2009)
    collection = CollectionFactory(year=2010)
    load_definitions()
    return collection


@pytest.fixture
def registers(coming):
    """The real registers, by which areas and postcodes are checked."""
    call_command("load_reference", verbosity=0)


def opened(client, sheet=CAMHS):
    """The questionnaire as its page shows it: a Tried."""
    return client.get(sheet).context["here"]


def cells(client, sheet=CAMHS):
    return opened(client, sheet).response.cells


def post(client, section, data, sheet=CAMHS, **more):
    return client.post(f"{sheet}{section}/", {"go": "here", **data}, **more)


def sheets(collection):
    """The addresses of everything that can be tried."""
    return [
        reverse("questionnaires:sandbox_sheet", kwargs={"guise": guise.key, "sheet": name})
        for guise in queries.GUISES.values()
        for name in queries.sheet_names(collection, guise)
    ]


# -- What is there to try -------------------------------------------------------------------------------------


def test_every_questionnaire_of_the_collection_can_be_tried(client, coming):
    asked = {name for guise in queries.GUISES.values() for name in queries.sheet_names(coming, guise)}

    assert {name.partition("-")[0] for name in asked} == set(coming.pins.values_list("key", flat=True))
    assert {name for name in asked if name.startswith("service")} == {
        f"service-{number:02d}" for number in range(1, len({n for n in asked if n.startswith("service")}) + 1)
    }


def test_who_one_is_decides_what_can_be_tried(client):
    shown = client.get("/sandbox/local-authority/").content.decode()

    assert f'href="{TRUST}"' in shown
    assert 'href="/sandbox/local-authority/service-20/"' in shown
    assert client.get("/sandbox/nhs-trust/childrens_trust/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/sandbox/council/",
        "/sandbox/local-authority/nothing/",
        "/sandbox/local-authority/service/",
        "/sandbox/local-authority/service-99/",
        "/sandbox/local-authority/childrens_trust-08/",
        f"{CAMHS}NOT/",
    ],
)
def test_what_nobody_is_asked_does_not_exist(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2009, 10, 5), 2009),  # registration: the coming collection is the one of this autumn
        (date(2009, 11, 1), 2010),  # data entry has opened: the next one
        (date(2010, 1, 14), 2010),
        (date(2010, 10, 2), 2010),
        (date(2011, 1, 14), 2010),  # none is coming: the newest
    ],
)
def test_the_collection_to_try_is_the_first_whose_data_entry_has_not_opened(client, at, day, year):
    at(day)

    assert client.get("/sandbox/").context["collection"].year == year


def test_no_column_waits_for_answers_of_last_year(client):
    shown = client.get("/sandbox/primary-care-trust/service-08/F/").content.decode()

    assert "This year" in shown
    assert "Last year" not in shown


def test_a_collection_that_is_not_coming_is_said_to_be_the_newest(client, coming):
    coming.entry_opens = date(2009, 12, 1)
    coming.save()

    assert "The next collection has not been set up yet" in client.get("/sandbox/").content.decode()


def test_without_any_collection_there_is_nothing_to_try(client, monkeypatch):
    monkeypatch.setattr(queries, "sandbox_collection", lambda: None)

    assert "There is nothing to try yet" in client.get("/sandbox/").content.decode()
    assert client.get("/sandbox/local-authority/").status_code == 404
    assert client.post("/sandbox/").status_code == 302


@pytest.mark.parametrize("address", ["/sandbox/", "/sandbox/nhs-trust/", CAMHS, f"{CAMHS}F/", TRUST])
def test_every_page_says_that_it_is_a_sandbox_and_is_kept_by_no_cache(client, address):
    answer = client.get(address)

    assert '<section class="sandbox-band" aria-label="Sandbox">' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/register/", "/questions/2010-11/"])
def test_pages_for_everybody_lead_to_the_sandbox(client, address):
    assert 'href="/sandbox/"' in client.get(address).content.decode()


# -- Answering ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("registers")
def test_example_data_completes_every_questionnaire(client, coming):
    open_still = {}
    for sheet in sheets(coming):
        client.post(f"{sheet}change/", {"do": "fill"})
        here = opened(client, sheet)
        if here.evaluation.progress != "complete":
            open_still[sheet] = [p.message for p in here.evaluation.problems if p.is_open]
            open_still[sheet] += here.evaluation.missing

    assert open_still == {}


@pytest.mark.usefixtures("registers")
def test_example_data_leaves_what_was_answered_as_it_is(client):
    post(client, "F", {"SVC-F00": "yes", "SVC-F01": "147"})

    answer = client.post(f"{CAMHS}change/", {"do": "fill", "section": "F"})

    assert answer.url == f"{CAMHS}F/"
    assert cells(client)["SVC-F01"] == {"v": 147}
    assert opened(client).evaluation.progress == "complete"


def test_answers_are_there_on_the_next_page_and_after_coming_back(client):
    answer = post(client, "F", {"SVC-F00": "yes", "SVC-F01": "147", "go": "on"})

    assert answer.url == f"{CAMHS}G/"
    assert cells(client) == {"SVC-F00": {"v": "yes"}, "SVC-F01": {"v": 147}}
    assert 'name="SVC-F01" value="147"' in client.get(f"{CAMHS}F/").content.decode()


def test_leaving_goes_to_the_page_of_the_questionnaire_which_lists_what_is_left(client):
    wrong = {"SVC-F00": "yes", "SVC-F02": "10", "SVC-F03": "20", "go": "leave"}
    assert post(client, "F", wrong).url == CAMHS

    shown = client.get(CAMHS).content.decode()

    assert f'href="{CAMHS}F/#q-SVC-F03"' in shown
    assert "answers missing" in shown


def test_a_condition_asks_and_hides_questions_as_on_the_real_page(client):
    hidden = post(client, "F", {"SVC-F00": "no", "touched": "1"}, headers=JSON).json()
    shown = post(client, "F", {"SVC-F00": "yes", "touched": "1"}, headers=JSON).json()

    assert "q-SVC-F01" not in hidden["order"]
    assert "q-SVC-F01" in shown["order"]


def test_a_condition_looks_at_answers_of_other_sections(client):
    before = evaluation_of_section(client, TRUST)
    client.post(f"{TRUST}change/", {"do": "fill"})

    assert evaluation_of_section(client, TRUST) != before


def evaluation_of_section(client, sheet):
    return set(opened(client, sheet).evaluation.asked)


def test_totals_add_up_for_scripts(client):
    answer = post(
        client,
        "F",
        {"SVC-F00": "yes", "SVC-F08|a0_4|n": "3", "SVC-F08|a5_9|n": "4", "SVC-F01": "7", "touched": "1"},
        headers=JSON,
    ).json()

    assert answer["not_taken"] == []
    assert answer["version"] == 1
    assert evaluate_again(client) == opened(client).evaluation.totals


def evaluate_again(client):
    """What the engine makes of the same answers by itself."""
    here = opened(client)
    return evaluate(here.questionnaire, here.response.cells, here.context).totals


def test_invalid_text_comes_back_in_its_field(client):
    answer = post(client, "F", {"SVC-F00": "yes", "SVC-F01": "many", "go": "on"})

    assert answer.status_code == 200
    assert 'value="many"' in answer.content.decode()
    assert cells(client) == {"SVC-F00": {"v": "yes"}}


def test_a_cell_that_is_emptied_is_gone(client):
    post(client, "F", {"SVC-F01": "147"})
    post(client, "F", {"SVC-F01": ""})

    assert cells(client) == {}


def test_what_is_unusual_wants_a_reason_and_takes_it_back(client):
    post(client, "F", {"SVC-F00": "yes", "SVC-F01": "100", "SVC-F02": "5"})
    (problem,) = [p for p in opened(client).evaluation.problems if p.rule == "F-S2"]
    name = "reason:F-S2:SVC-F02"
    assert problem.is_open

    post(client, "F", {name: "A new team"})
    assert said(client, problem) == "A new team"
    assert "Explained by you" in client.get(f"{CAMHS}F/").content.decode()
    assert "F-S2" not in [p.rule for p in opened(client).evaluation.problems if p.is_open]

    post(client, "F", {"SVC-F02": "4"})
    assert "F-S2" in [p.rule for p in opened(client).evaluation.problems if p.is_open]

    post(client, "F", {name: " "})
    assert said(client, problem) is None


def said(client, problem):
    reason = opened(client).response.paper.reasons.get(problem.key)
    return reason and reason.text


# -- The desk -------------------------------------------------------------------------------------------------


def test_looking_leaves_no_cookie_and_keeps_nothing(client):
    client.get(CAMHS)
    client.get(f"{CAMHS}F/")

    assert client.cookies.get("sandbox") is None


def test_the_cookie_is_for_the_sandbox_alone_and_lasts_two_hours(client):
    post(client, "F", {"SVC-F01": "147"})
    cookie = client.cookies["sandbox"]

    assert cookie["path"] == "/sandbox/"
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 2 * 60 * 60


def test_what_is_kept_goes_by_itself_after_two_hours(client):
    post(client, "F", {"SVC-F01": "147"})
    redis = cache._cache.get_client(None)

    assert {redis.ttl(key) for key in redis.keys("*questionnaires.desk.*")} == {2 * 60 * 60}


def test_nobody_sees_the_desk_of_another(client):
    post(client, "F", {"SVC-F01": "147"})

    assert cells(Client()) == {}


@pytest.mark.parametrize(
    "change", [lambda value: value[::-1], lambda value: "x" * 43, lambda value: value[1:]]
)
def test_a_cookie_that_was_tampered_with_opens_no_desk(client, change):
    post(client, "F", {"SVC-F01": "147"})
    client.cookies["sandbox"] = change(client.cookies["sandbox"].value)

    assert cells(client) == {}
    post(client, "F", {"SVC-F02": "12"})
    assert cells(client) == {"SVC-F02": {"v": 12}}


def test_one_questionnaire_is_cleared_and_the_others_stay(client):
    post(client, "F", {"SVC-F01": "147"})
    client.post(f"{TRUST}change/", {"do": "fill"})

    client.post(f"{CAMHS}change/", {"do": "clear"})

    assert cells(client) == {}
    assert cells(client, TRUST) != {}


def test_everything_is_cleared_with_one_button(client):
    post(client, "F", {"SVC-F01": "147"})
    client.post(f"{TRUST}change/", {"do": "fill"})

    client.post("/sandbox/")

    assert cache._cache.get_client(None).keys("*questionnaires.desk.*") == []


def test_a_questionnaire_takes_no_more_text_than_memory_bears(client, monkeypatch):
    monkeypatch.setattr(desk, "MOST_LETTERS", 200)

    by_script = post(client, "A", {"SVC-A05": "x" * 300}, headers=JSON)
    whole_page = post(client, "A", {"SVC-A05": "x" * 300})

    assert by_script.status_code == 409
    assert "takes no more text" in by_script.json()["refused"]
    assert whole_page.status_code == 503
    assert cells(client) == {}


@pytest.mark.parametrize("action", ["sandbox", "sandbox_desk"])
def test_one_network_can_lay_down_so_much_an_hour(client, settings, action):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, action: "1/h/ip"}
    post(client, "F", {"SVC-F01": "147"})

    refused = post(Client(), "F", {"SVC-F01": "148"}, headers=JSON)

    assert refused.status_code == 409
    assert "from your network" in refused.json()["refused"]


def test_saving_is_refused_in_words_while_memory_is_away(client, monkeypatch):
    def away(*arguments, **options):
        raise RedisError("gone")

    post(client, "F", {"SVC-F01": "147"})
    monkeypatch.setattr(desk.cache, "set", away)
    answer = post(client, "F", {"SVC-F01": "148"}, headers=JSON)

    assert answer.status_code == 409
    assert "cannot keep anything" in answer.json()["refused"]
    assert cells(client) == {"SVC-F01": {"v": 147}}


def test_changing_a_questionnaire_takes_a_button(client):
    assert client.get(f"{CAMHS}change/").status_code == 405
