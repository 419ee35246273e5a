"""Addresses of the checks of a collection; ``/checks/<collection>/...``."""

from django.urls import path

from questionnaires.tuning.views import checks, everywhere, rules, trials

urlpatterns = [
    path("current/", checks.latest, name="checks"),
    path("<collection:collection>/", checks.checks, name="checks_of"),
    path("<collection:collection>/count/", checks.count, name="count_checks"),
    path("<collection:collection>/jobs/<int:job>/", checks.status, name="check_job"),
    path("<collection:collection>/trials/<int:job>/", trials.trial, name="trial"),
    path("<collection:collection>/trials/<int:job>/switch-on/", trials.switch_on, name="switch_on"),
    path("<collection:collection>/all/", everywhere.everywhere, name="checks_everywhere"),
    path("<collection:collection>/all/<slug:rule>/", everywhere.rule, name="check_everywhere"),
    path("<collection:collection>/all/<slug:rule>/<slug:to>/", everywhere.change, name="change_everywhere"),
    path("<collection:collection>/<slug:question>/<slug:rule>/", rules.rule, name="check"),
    path("<collection:collection>/<slug:question>/<slug:rule>/<slug:to>/", rules.change, name="change_check"),
]
