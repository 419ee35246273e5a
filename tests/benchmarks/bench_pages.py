"""How long pages and saves take for an authority with 300 services, beside a view that does nothing."""

from datetime import date
from functools import partial
from unittest import mock

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from accounts import tenancy
from accounts.access import personal_page
from accounts.models import Organisation, Role
from mapping import urls
from mapping.returns import actions
from mapping.returns.models import Collection, PartKind
from questionnaires.actions import open_response, save_cells
from questionnaires.evaluation import evaluate
from questionnaires.filling import fill
from questionnaires.filling.draw import lot
from questionnaires.models import Response
from questionnaires.queries import context_of, questionnaire_of
from tests.benchmarks.run import medians_of
from tests.factories import MembershipFactory

SERVICES, YEAR = 300, 2009
SECTION = "F"
MODULE = "CAM"  # the longest: 20 questions, 104 cells
SETTINGS = {
    "ROOT_URLCONF": __name__,
    "ALLOWED_HOSTS": ["*"],
    "DEMONSTRATION": True,
    "DEMONSTRATION_TODAY": date(2010, 1, 14),  # in data entry
    # Nobody has collected static files for a benchmark.
    "STORAGES": settings.STORAGES
    | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}


@personal_page
def empty(request):
    """What every signed-in request costs before a page has done anything."""
    return HttpResponse()


urlpatterns = [path("empty/", empty), *urls.urlpatterns]


class Work:
    """An authority with its list, each service begun, and its lead at a browser."""

    def __init__(self):
        self.organisation = Organisation.objects.get(slug="trafford")
        self.lead = MembershipFactory(organisation=self.organisation, role=Role.LEAD).user
        self.client = Client(headers={"accept": "application/json"})
        self.client.force_login(self.lead)
        with tenancy.scope(self.organisation):
            self.response = self._begin()
        self.figure = 0

    def _begin(self):
        annual_return = actions.open_return(self.organisation, Collection.objects.get(year=YEAR))
        news = [actions.NewService(f"Team {number}", "08", {}) for number in range(SERVICES)]
        entries = actions.add_services(annual_return, news, by=self.lead)
        part = annual_return.parts.get(kind=PartKind.SERVICES)
        pin = annual_return.collection.pins.get(key="service")
        responses = [open_response(part, pin, by=self.lead, service_entry=entry) for entry in entries]
        filled = fill(questionnaire_of(responses[0]), context_of(responses[0]), lot(YEAR))
        return save_cells(responses[0], filled.answers, seen_version=0, by=self.lead)[0]

    def address(self, name, **more):
        return reverse(name, kwargs={"organisation": "trafford", "collection": "2009-10", **more})

    def get(self, address):
        response = self.client.get(address, headers={"accept": "text/html"})
        assert response.status_code == 200, response.status_code

    def section(self, key):
        return self.address("questionnaires:section", response=self.response.pk, section=key)

    def save(self, section=SECTION, cell="SVC-F01"):
        """Change one figure, as the script of a section does."""
        self.figure += 1
        fields = {cell: str(40 + self.figure % 9), "touched": "1", "version": "999"}
        response = self.client.post(self.section(section), fields)
        assert response.status_code == 200, response.status_code

    def save_without_validation(self):
        """The same view, writing the same rows with an evaluation that is ready and needs nothing read."""
        answers = "questionnaires.actions.answers"
        with mock.patch(f"{answers}.evaluate", return_value=self.ready), mock.patch(f"{answers}.context_of"):
            self.save()

    def make_ready(self):
        with tenancy.scope(self.organisation):
            response = Response.objects.get(pk=self.response.pk)
            self.ready = evaluate(questionnaire_of(response), response.cells, context_of(response))


def run():
    """Print a median for each page, and the save with and without validation."""
    with override_settings(**SETTINGS):
        work = Work()
        pages = {
            "empty view": "/empty/",
            f"list of {SERVICES} services": work.address("returns:services"),
            f"overview with {SERVICES} services": work.address("returns:overview_of"),
            "section page": work.section(SECTION),
            "section page of the longest module": work.section(MODULE),
        }
        doing = {name: partial(work.get, address) for name, address in pages.items()}
        doing["save in the longest module"] = partial(work.save, MODULE, "CAM04|emot|n")
        for name, milliseconds in zip(doing, medians_of(doing.values()), strict=True):
            print(f"{name + ':':<40}{milliseconds:8.1f} ms")
        work.make_ready()
        bare, full = medians_of([work.save_without_validation, work.save])
        print(f"{'save without validation:':<40}{bare:8.1f} ms")
        print(f"{'save with full validation:':<40}{full:8.1f} ms   {full / bare:.2f} times")
