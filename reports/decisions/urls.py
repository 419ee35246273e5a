"""Addresses of checking, submitting and deciding; part of the namespace ``reports``."""

from django.urls import include, path

import mapping.returns.converters  # noqa: F401 - registers <collection:...> and <part:...>
from reports.decisions import views

of_part = [
    path("submit/", views.submit, name="submit"),
    path("sign-off/", views.sign_off, name="sign_off"),
    path("explanations/", views.explanations, name="explanations"),
    path("decisions/", views.decisions, name="decisions"),
]

of_return = [
    path("check/", views.check, name="check"),
    path("decline/", views.decline, name="decline"),
    path("<part:kind>/", include(of_part)),
]

urlpatterns = [path("<slug:organisation>/returns/<collection:collection>/", include(of_return))]
