"""Every address of the site: which door it wears, who may enter, and that what is another's does not exist.

``PAGES`` is the answer to "who may?" of the whole site. A new address fails here until somebody writes down who
gets what from it.
"""

import re
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from accounts import tenancy
from tests.integration.walls.world import MISSING
from tests.people import sign_in

pytestmark = pytest.mark.django_db

ROLES = [
    "visitor", "lead", "deputy", "contributor", "director", "outsider", "helpdesk", "support_worker", "analyst",
    "national",
]  # fmt: skip
FENCED = [role for role in ROLES if role not in {"helpdesk", "analyst", "national"}]  # must not see all

# What each role gets who opens a page about the first organisation: a status; ``in``, sent to sign in; ``to``, sent
# on to another page; 405: may send the form, but there is no page to look at.
# Second column: what an argument of the address means, where its name does not say it (see ``world.py``); one in
# brackets names something public.
PAGES = """
#                                                     vis lea dep con dir out hel sup ana nat
home                           -                      200  to  to  to  to  to  to  to  to  to
demonstration                  -                      404 404 404 404 404 404 404 404 404 404
mails                          -                      404 404 404 404 404 404 404 404 404 404
healthz                        -                      200 200 200 200 200 200 200 200 200 200
gallery                        -                      200 200 200 200 200 200 200 200 200 200
helpdesk:registrations         -                       in 404 404 404 404 404 200 200 403 200
helpdesk:approve               pk=registration         in 404 404 404 404 404 405 403 403 405
helpdesk:decline               pk=registration         in 404 404 404 404 404 200 403 403 200
helpdesk:confirm_director      pk=waiting_director     in 404 404 404 404 404 405 403 403 405
helpdesk:decline_director      pk=waiting_director     in 404 404 404 404 404 200 403 403 200
helpdesk:add_requested         pk=request              in 404 404 404 404 404 200 403 403 200
helpdesk:decline_request       pk=request              in 404 404 404 404 404 200 403 403 200
helpdesk:returns               -                       in 404 404 404 404 404 200 200 403 200
helpdesk:return                slug=organisation       in 404 404 404 404 404 200 200 403 200
helpdesk:extend                slug=organisation       in 404 404 404 404 404 200 403 403 200
helpdesk:reopen                slug=organisation       in 404 404 404 404 404 200 403 403 200
reports:tables                 -                      200 200 200 200 200 200 200 200 200 200
reports:table                  (code)                 200 200 200 200 200 200 200 200 200 200
reports:table_download         (code),(format)        404 404 404 404 404 404 404 404 404 404
reports:questions              -                       to  to  to  to  to  to  to  to  to  to
reports:book                   (collection)           200 200 200 200 200 200 200 200 200 200
reports:book_workbook          (collection)           200 200 200 200 200 200 200 200 200 200
reports:book_pdf               (collection)           202 202 202 202 202 202 202 202 202 202
reports:book_checks            (collection)           200 200 200 200 200 200 200 200 200 200
reports:book_questionnaire     (collection),(key)     200 200 200 200 200 200 200 200 200 200
reports:check                  -                       in 200 200 403 200 404 403 403 403 403
reports:decline                -                       in 200 200 403 403 404 403 403 403 403
reports:submit                 -                       in 200 200 403 403 404 403 403 403 403
reports:sign_off               -                       in 200 200 403 200 404 403 403 403 403
reports:explanations           -                       in 200 200 403 200 404 403 403 403 403
reports:decisions              -                       in 200 200 403 200 404 200 403 403 200
reports:documents              -                       in 200 200 403 200 404 403 403 403 403
reports:ask_draft              -                       in 405 405 403 403 404 403 403 403 403
reports:document               pk=document             in 200 200 403 200 404 403 403 403 403
reports:document_status        pk=document             in  to  to 403  to 404 403 403 403 403
reports:try_document           pk=document             in 405 405 403 405 404 403 403 403 403
questionnaires:checks          -                       in 404 404 404 404 404 403 403 403  to
questionnaires:checks_of       (collection)            in 404 404 404 404 404 403 403 403 200
questionnaires:count_checks    (collection)            in 404 404 404 404 404 403 403 403 405
questionnaires:check_job       (collection),(job)      in 404 404 404 404 404 403 403 403  to
questionnaires:trial           (collection),(job)      in 404 404 404 404 404 403 403 403 200
questionnaires:switch_on       (collection),(job)      in 404 404 404 404 404 403 403 403 200
questionnaires:checks_everywhere (collection)          in 404 404 404 404 404 403 403 403 200
questionnaires:check_everywhere (collection),(rule)    in 404 404 404 404 404 403 403 403 200
questionnaires:change_everywhere (collection),(rule),(to) in 404 404 404 404 404 403 403 403 200
questionnaires:check           (collection),(question),(rule) in 404 404 404 404 404 403 403 403 200
questionnaires:change_check    (collection),(question),(rule),(to) in 404 404 404 404 404 403 403 403 200
questionnaires:response        -                       in  to  to  to  to 404 403 403 403 403
questionnaires:history         -                       in 200 200 200 200 404 403 403 403 403
questionnaires:compare         -                       in 200 200 200 200 404 403 403 403 403
reports:answers                -                       in 200 200 200 200 404 403 403 403 403
questionnaires:full            -                       in 200 200 200 200 404 403 403 403 403
questionnaires:inherited       entry=inherited_entry  in 200 200 403 200 404 403 403 403 403
questionnaires:section         -                       in 200 200 200 200 404 403 403 403 403
questionnaires:start           -                       in  to  to  to  to 404 403 403 403 403
questionnaires:start_questionnaire key=questionnaire       in  to  to 404  to 404 403 403 403 403
questionnaires:organisation    -                       in 200 200 403 200 404 403 403 403 403
questionnaires:finding         -                       in 200 200 403 403 404 403 403 403 403
questionnaires:delegate        -                       in  to  to 403 403 404 403 403 403 403
questionnaires:nudge_chosen    -                       in  to  to 403 403 404 403 403 403 403
questionnaires:due_chosen      -                       in  to  to 403 403 404 403 403 403 403
questionnaires:nudge           -                       in 405 405 403 403 404 403 403 403 403
questionnaires:take_back       -                       in 405 405 403 403 404 403 403 403 403
questionnaires:hand_over       -                       in 200 200 403 403 404 403 403 403 403
questionnaires:sandbox         -                      200 200 200 200 200 200 200 200 200 200
questionnaires:sandbox_guise   (guise)                200 200 200 200 200 200 200 200 200 200
questionnaires:sandbox_sheet   (guise),(sheet)        200 200 200 200 200 200 200 200 200 200
questionnaires:sandbox_change  (guise),(sheet)        405 405 405 405 405 405 405 405 405 405
questionnaires:sandbox_section (guise),(sheet),(section) 200 200 200 200 200 200 200 200 200 200
accounts:you                   -                       in 200 200 200 200 200 200 200 200 200
accounts:messages              -                       in 200 200 200 200 200 200 200 200 200
accounts:message_open          -                       in 405 405 405 405 405 405 405 405 405
accounts:messages_read         -                       in 405 405 405 405 405 405 405 405 405
accounts:register              -                      200 200 200 200 200 200 200 200 200 200
accounts:request_organisation  -                       in 200 200 200 200 200 200 200 200 200
accounts:register_for          (slug=organisation)    200 200 200 200 200 200 200 200 200 200
accounts:invitation            (token)                200 200 200 200 200 200 200 200 200 200
accounts:people                -                       in 200 200 403 200 404 403 403 403 403
accounts:invite                -                       in 200 200 403 403 404 403 403 403 403
accounts:invite_provider       -                       in 200 200 403 403 404 403 403 403 403
accounts:end_membership        -                       in 200 200 403 403 404 403 403 403 403
accounts:hand_over             -                       in 200 200 403 403 404 403 403 403 403
accounts:invite_registrant     registration=referred   in 405 405 403 403 404 403 403 403 403
accounts:send_again            -                       in 405 405 403 403 404 403 403 403 403
accounts:withdraw              -                       in 200 200 403 403 404 403 403 403 403
returns:overview               -                       in  to  to  to  to 404 403 403 403 403
returns:overview_of            -                       in 200 200 200 200 404 403 403 403 403
returns:joint                  -                       in 200 200 403 200 404 403 403 403 403
returns:joint_answer           -                       in 200 200 403 403 404 403 403 403 403
returns:services               -                       in 200 200 403 200 404 403 403 403 403
returns:service_add            -                       in 200 200 403 403 404 403 403 403 403
returns:services_carry         -                       in 405 405 403 403 404 403 403 403 403
returns:services_inherit       -                       in 200 200 403 403 404 403 403 403 403
returns:services_confirm       -                       in 405 405 403 403 404 403 403 403 403
returns:services_form          -                       in 405 405 403 403 404 403 403 403 403
returns:structure              -                       in 200 200 403 403 404 403 403 403 403
returns:import                 -                       in 200 200 403 403 404 403 403 403 403
returns:import_preview         pk=service_import       in 200 200 403 403 404 403 403 403 403
returns:import_left_out        pk=service_import       in 200 200 403 403 404 403 403 403 403
returns:import_status          pk=service_import       in  to  to 403 403 404 403 403 403 403
returns:import_result          pk=service_import       in  to  to 403 403 404 403 403 403 403
returns:import_undo            pk=service_import       in 405 405 403 403 404 403 403 403 403
returns:service_edit           -                       in 200 200 403 403 404 403 403 403 403
returns:service_category       -                       in 200 200 403 403 404 403 403 403 403
returns:service_close          -                       in 200 200 403 403 404 403 403 403 403
returns:service_merge          -                       in 200 200 403 403 404 403 403 403 403
returns:service_open_again     -                       in 405 405 403 403 404 403 403 403 403
returns:service_remove         -                       in 200 200 403 403 404 403 403 403 403
"""


def pages():
    """Lines of ``PAGES``: name -> ({argument: object}, public arguments, {role: what it gets})."""
    found = {}
    for line in PAGES.strip().splitlines():
        if line.startswith("#"):
            continue
        name, arguments, *gets = line.split()
        meant = [argument.strip("()").partition("=") for argument in arguments.split(",") if argument != "-"]
        meaning = {argument: meant_by or argument for argument, _, meant_by in meant}
        public = {
            argument.strip("()").partition("=")[0] for argument in arguments.split(",") if "(" in argument
        }
        found[name] = meaning, public, dict(zip(ROLES, gets, strict=True))
    return found


def our_views(patterns=None, namespaces=(), arguments=()):
    """Name, view and arguments of every address of the site but those of the admin and of allauth."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        names = (*arguments, *pattern.pattern.converters)
        if str(pattern.pattern) in {"admin/", "accounts/"}:
            continue
        if isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name)), pattern.callback, names
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from our_views(pattern.url_patterns, inner, names)


def doors_worn(view):
    """How many doors a view wears; one that is wrapped keeps what it wraps."""
    worn = 0
    while view:
        worn += view.__code__.co_name == "enter" and view.__code__.co_filename.endswith("accounts/access.py")
        view = getattr(view, "__wrapped__", None)
    return worn


def test_every_view_wears_exactly_one_door():
    assert {name: doors_worn(view) for name, view, _ in our_views() if doors_worn(view) != 1} == {}


def test_every_address_says_who_may_enter():
    assert {name for name, _, _ in our_views()} == set(pages())


# -- Two worlds -----------------------------------------------------------------------------------------------


@pytest.fixture
def client(client):
    """A page that fails answers 500 here, as for people."""
    client.raise_request_exception = False
    return client


def objects_of(world, name, arguments):
    """What the address of a page names in ``world``: argument -> value."""
    meaning = pages()[name][0]
    return {argument: world.objects[meaning.get(argument, argument)] for argument in arguments}


def address(name, values):
    """The address of a page; None where an address cannot name such a thing."""
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return None


def elsewhere(own, foreign, name, arguments):
    """Pairs of addresses that must get the same answer: of something foreign, and of something that is nowhere.

    Once the whole page of the other organisation, and once each of its objects put into an own page.
    """
    mine, theirs = objects_of(own, name, arguments), objects_of(foreign, name, arguments)
    private = [
        argument
        for argument in arguments
        if mine[argument] != theirs[argument] and argument not in pages()[name][1]
    ]
    if private:
        nowhere = {argument: _nowhere(mine[argument]) for argument in private}
        yield address(name, theirs), address(name, {**theirs, **nowhere})
    for argument in private:
        missing = {**mine, argument: _nowhere(mine[argument])}
        yield address(name, {**mine, argument: theirs[argument]}), address(name, missing)


def _nowhere(value):
    """The name or key of nothing, of the same kind as ``value``."""
    return MISSING if isinstance(value, int) else "nowhere"


@contextmanager
def undone():
    """Roll back what happens meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client, url, data=None):
    """What a page or a form answers; nothing of it lasts."""
    with undone():
        response = client.get(url) if data is None else client.post(url, data)
        response.text_sent = body_of(response, url)
    return response


def kind_of(response):
    """As ``PAGES`` says it: ``200``, ``403``..., ``in`` or ``to``."""
    if response.status_code != 302:
        return str(response.status_code)
    return "in" if response.url.startswith("/accounts/login/") else "to"


def body_of(response, url):
    """What an answer says, without its own address and without tokens."""
    content = b"".join(response) if response.streaming else response.content
    text = content.decode(errors="replace").replace(url, "URL")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


# -- Who may enter --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(client, people, own, foreign, role):
    sign_in(client, people[role])
    wrong, leaks = {}, []
    for name, _, arguments in our_views():
        response = ask(client, address(name, objects_of(own, name, arguments)))
        expected = pages()[name][2][role]
        if kind_of(response) != expected:
            wrong[name] = f"{kind_of(response)}, not {expected}"
        if role in FENCED and foreign.mark in response.text_sent and role != "outsider":
            leaks.append(name)

    assert wrong == {}
    assert leaks == []


def test_nothing_of_the_first_organisation_exists_for_an_outsider(client, people, own):
    sign_in(client, people["outsider"])
    of_organisation = [
        (name, ask(client, address(name, objects_of(own, name, arguments))))
        for name, _, arguments in our_views()
        if "organisation" in arguments
    ]

    assert {name: kind_of(response) for name, response in of_organisation if kind_of(response) != "404"} == {}
    assert [name for name, response in of_organisation if own.mark in response.text_sent] == []


@pytest.mark.parametrize("role", FENCED)
def test_what_is_foreign_gets_the_answer_of_what_is_missing(client, people, own, foreign, role):
    if role == "outsider":
        own, foreign = foreign, own
    sign_in(client, people[role])
    differing, leaks, asked = {}, [], 0
    for name, _, arguments in our_views():
        for theirs, nothing in elsewhere(own, foreign, name, arguments):
            got, expected = ask(client, theirs), ask(client, nothing)
            asked += 1
            if kind_of(got) != kind_of(expected) or got.text_sent != expected.text_sent:
                differing[theirs] = f"{kind_of(got)}, but {kind_of(expected)} for {nothing}"
            if foreign.mark in got.text_sent:
                leaks.append(theirs)

    assert asked > 50
    assert differing == {}
    assert leaks == []


# -- Forms ----------------------------------------------------------------------------------------------------


def rows_of(world):
    """Every row of an organisation, as one text for each table."""
    models = [
        m for m in apps.get_models() if any(f.attname == "organisation_id" for f in m._meta.concrete_fields)
    ]
    with tenancy.staff_reading("a test compares rows"):
        return {
            model._meta.label: list(
                model.objects.filter(organisation=world.organisation).order_by("pk").values()
            )
            for model in models
        }


def form_of(world):
    """Answers that most forms of the site take, with every object that a form can name taken from ``world``."""
    objects = world.objects
    return {
        "give": "yes",
        "chosen": [objects["entry"], objects["response"]],
        "into": objects["other_entry"],
        "to": str(objects["member_user"]),
        "category": "08",
        "name": "Changed by the test",
        "sector": "inhouse",
        "provided_by": "Trafford",
        "entered_by": "Trafford",
        "status": "open",
        "is_zero_cost": "no",
        "form": "full",
        "on": "1/9/2009",
        "reason": "For the test",
        "note": "For the test",
        "email": "somebody@council.example",
        "role": "contributor",
        "post": "Manager",
        "departments": "Changed",
        "localities": "Changed",
        "do": "save",
        "decision": "send_back",
        "until": "2010-03-31",
        "provider_name": "Changed by the test",
        "due_on": "12/2/2010",
        "takes_part": "yes",
        "explanation": "For the test",
        "delegation": objects["delegation"],
        "document": objects["document"],
    }


@pytest.mark.parametrize("role", FENCED)
def test_no_form_changes_what_is_foreign(client, people, own, foreign, role):
    if role == "outsider":
        own, foreign = foreign, own
    sign_in(client, people[role])
    before, changed, failed = rows_of(foreign), [], []
    for name, _, arguments in our_views():
        urls = [theirs for theirs, _ in elsewhere(own, foreign, name, arguments)]
        for url in [address(name, objects_of(own, name, arguments)), *urls]:
            with undone():
                response = client.post(url, form_of(foreign))
                if rows_of(foreign) != before:
                    changed.append(url)
            if response.status_code >= 500:
                failed.append(url)

    assert changed == []
    assert failed == []


CHANGES = {
    "accounts:end_membership", "accounts:hand_over", "accounts:invite", "accounts:invite_provider",
    "accounts:invite_registrant", "accounts:message_open", "accounts:messages_read", "accounts:send_again",
    "accounts:withdraw", "returns:import_preview", "returns:service_close", "returns:service_merge",
    "returns:services_confirm", "returns:structure", "returns:joint_answer", "questionnaires:finding",
    "questionnaires:delegate", "questionnaires:take_back",
}  # fmt: skip


def test_the_forms_of_these_tests_do_change_what_is_own(client, people, own):
    """Otherwise the test above would pass on forms that nobody could send."""
    sign_in(client, people["lead"])
    before, changed = rows_of(own), set()
    for name, _, arguments in our_views():
        with undone():
            client.post(address(name, objects_of(own, name, arguments)), form_of(own))
            if rows_of(own) != before:
                changed.add(name)

    assert changed >= CHANGES
