"""Addresses of the checks of a collection; ``/checks/<collection>/...``."""

from django.urls import path

from questionnaires.tuning import views

urlpatterns = [
    path("current/", views.latest, name="checks"),
    path("<collection:collection>/", views.checks, name="checks_of"),
    path("<collection:collection>/count/", views.count, name="count_checks"),
    path("<collection:collection>/jobs/<int:job>/", views.status, name="check_job"),
    path("<collection:collection>/trials/<int:job>/", views.trial, name="trial"),
    path("<collection:collection>/trials/<int:job>/switch-on/", views.switch_on, name="switch_on"),
    path("<collection:collection>/<slug:question>/<slug:rule>/", views.rule, name="check"),
    path("<collection:collection>/<slug:question>/<slug:rule>/<slug:to>/", views.change, name="change_check"),
]
