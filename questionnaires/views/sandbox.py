"""The sandbox's pages: for everybody, signed in or not. What is typed stays on the visitor's desk."""

from functools import wraps

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from accounts.access import public_page
from mapping.returns.classification import classification
from questionnaires import desk
from questionnaires.actions import sandbox as actions
from questionnaires.desk import NotKept
from questionnaires.forms import extra_rows, read_section
from questionnaires.queries import sandbox as queries
from questionnaires.queries.section import section_page
from questionnaires.views.showing import by_script, next_address, state, whole_page

COOKIE = "sandbox"
AWAY = "The sandbox cannot keep anything at the moment. Try again in some minutes."
TOO_MANY = "Too much has come from your network within an hour. Try again later."


def at_desk(view):
    """Give the view the visitor's ``token``, None before they have typed anything; say it where nothing is kept.

    The cookie that holds it lasts as long as what lies on the desk: two hours from the last change.
    """

    @wraps(view)
    def enter(request, **kwargs):
        token = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE)
        request.desk = token if desk.is_token(token) else None
        try:
            response = view(request, **kwargs)
        except NotKept as refusal:
            return _refused(request, str(refusal))
        except RedisError:
            return _refused(request, AWAY)
        if request.method == "POST" and request.desk:
            response.set_signed_cookie(
                COOKIE,
                request.desk,
                salt=COOKIE,
                max_age=desk.KEPT_SECONDS,
                path=reverse("questionnaires:sandbox"),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return enter


def _refused(request, reason):
    """Nothing more is kept: a script leaves what was typed on the page."""
    if by_script(request):
        return JsonResponse({"refused": reason}, status=409)
    return render(request, "questionnaires/sandbox/refused.html", {"reason": reason}, status=503)


def _open_desk(request):
    """The visitor's desk, a new one if they have none; raises NotKept where their network has sent too much."""
    if not ratelimit.consume(request, action="sandbox"):
        raise NotKept(TOO_MANY)
    if request.desk is None:
        if not ratelimit.consume(request, action="sandbox_desk"):
            raise NotKept(TOO_MANY)
        request.desk = desk.new_token()
    return request.desk


@public_page
@never_cache
@at_desk
def start(request):
    """Who do you want to be? A POST clears the whole desk."""
    collection = queries.sandbox_collection()
    if request.method == "POST":
        if collection and request.desk:
            actions.clear_all(collection, request.desk)
        messages.success(request, "Everything that you typed in the sandbox is gone.")
        return redirect("questionnaires:sandbox")
    context = {
        "collection": collection,
        "guises": queries.guises_of(collection) if collection else (),
        "has_desk": bool(request.desk),
    }
    return render(request, "questionnaires/sandbox/start.html", context)


def _guise_or_404(key):
    collection, guise = queries.sandbox_collection(), queries.GUISES.get(key)
    if collection is None or guise is None:
        raise Http404("no such type of organisation")
    return collection, guise


@public_page
@never_cache
@at_desk
def guise(request, guise):
    """All that is asked of one type of organisation, services by category."""
    collection, chosen = _guise_or_404(guise)
    pins = queries.pins_for(collection, chosen)
    context = {
        "collection": collection,
        "guise": chosen,
        "pins": [(pin, queries.number_of_questions(pin)) for pin in pins if pin.key != queries.SERVICE],
        "groups": classification().by_group(set(chosen.roles)) if _asks_of_services(pins) else [],
        "crumbs": _crumbs(),
    }
    return render(request, "questionnaires/sandbox/guise.html", context)


def _asks_of_services(pins):
    return any(pin.key == queries.SERVICE for pin in pins)


def _tried_or_404(request, guise, sheet):
    collection, chosen = _guise_or_404(guise)
    found = queries.tried(collection, chosen, sheet, request.desk)
    if found is None:
        raise Http404("no such questionnaire")
    return found


@public_page
@never_cache
@at_desk
def sheet(request, guise, sheet):
    """One questionnaire: its sections and what is left in them."""
    here = _tried_or_404(request, guise, sheet)
    left = queries.left_of(here)
    context = {
        "here": here,
        "collection": here.response.part.collection,
        "left": left,
        "complete": sum(state.progress.value == "complete" for _, state, _ in left),
        "crumbs": _crumbs(here.guise),
    }
    return render(request, "questionnaires/sandbox/sheet.html", context)


@public_page
@never_cache
@at_desk
@require_POST
def change(request, guise, sheet):
    """Fill the whole questionnaire with examples, or clear it; goes back to where the button was."""
    here = _tried_or_404(request, guise, sheet)
    if request.POST.get("do") == "fill":
        after = actions.fill_in(here, _open_desk(request))
        messages.success(request, "Every open question now has an invented answer. Change what you like.")
    else:
        if request.desk:
            actions.clear(here, request.desk)
        after = here.with_paper(desk.Paper())
        messages.success(request, "This questionnaire is empty again.")
    back = after.section(request.POST.get("section"))
    return redirect(after.section_url(back.key) if back else after.sheet_url)


@public_page
@never_cache
@at_desk
def section(request, guise, sheet, section):
    """One section, as people see it who answer for real."""
    here = _tried_or_404(request, guise, sheet)
    shown = here.section(section)
    if shown is None:
        raise Http404("no such section")
    if request.method == "POST":
        return _save(request, here, shown)
    page = _page_of(here, shown, rows=extra_rows(request.GET, shown))
    return state(request, page, others=[], links=[]) if by_script(request) else _page(request, page)


def _page_of(here, shown, **posted):
    return section_page(here, shown, evaluation=here.evaluation, explanations=here.explanations, **posted)


def _save(request, here, shown):
    posted = read_section(request.POST, here.questionnaire, shown, here.response, here.registers)
    here = actions.take_in(here, posted, _open_desk(request))
    shown = here.section(shown.key) or shown
    page = _page_of(here, shown, invalid=posted.invalid, rows=posted.rows)
    if by_script(request):
        return state(request, page, others=[], links=[])
    return _page(request, page) if posted.invalid else redirect(next_address(request, page, posted))


def _page(request, page):
    here = page.opened
    return whole_page(
        request,
        page,
        others=[],
        links=[],
        template="questionnaires/sandbox/section.html",
        crumbs=[*_crumbs(here.guise), {"label": str(here.response), "url": here.sheet_url}],
        here=here,
        collection=here.response.part.collection,
    )


def _crumbs(guise=None):
    crumbs = [{"label": "Sandbox", "url": reverse("questionnaires:sandbox")}]
    if guise:
        url = reverse("questionnaires:sandbox_guise", kwargs={"guise": guise.key})
        crumbs.append({"label": guise.label, "url": url})
    return crumbs
