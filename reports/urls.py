"""Addresses of tables and documents."""

from django.urls import include, path

from reports import views
from reports.responses.views import answers

app_name = "reports"
urlpatterns = [
    path("tables/", views.tables, name="tables"),
    path("tables/<str:code>/", views.table, name="table"),
    path("tables/<str:code>/download.<str:format>", views.table_download, name="table_download"),
    path("questions/", include("reports.book.urls")),
    path("", include("reports.decisions.urls")),
    path(
        "<slug:organisation>/returns/<collection:collection>/responses/<int:response>/answers.pdf",
        answers,
        name="answers",
    ),
    path("<slug:organisation>/returns/<collection:collection>/results/", include("reports.documents.urls")),
]
