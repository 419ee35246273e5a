"""Pages of the helpdesk."""

from django.urls import path

from mapping.helpdesk import views
from mapping.returns import converters  # noqa: F401  registers <part:kind>

app_name = "helpdesk"

urlpatterns = [
    path("helpdesk/", views.registrations, name="registrations"),
    path("helpdesk/registrations/<int:pk>/approve/", views.approve, name="approve"),
    path("helpdesk/registrations/<int:pk>/decline/", views.decline, name="decline"),
    path("helpdesk/directors/<int:pk>/confirm/", views.confirm_director, name="confirm_director"),
    path("helpdesk/directors/<int:pk>/decline/", views.decline_director, name="decline_director"),
    path("helpdesk/requests/<int:pk>/add/", views.add_requested, name="add_requested"),
    path("helpdesk/requests/<int:pk>/decline/", views.decline_request, name="decline_request"),
    path("helpdesk/returns/", views.returns, name="returns"),
    path("helpdesk/returns/<slug:slug>/", views.annual_return, name="return"),
    path("helpdesk/returns/<slug:slug>/extend/", views.extend, name="extend"),
    path("helpdesk/returns/<slug:slug>/<part:kind>/reopen/", views.reopen, name="reopen"),
]
