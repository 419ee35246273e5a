"""Addresses of the book of questions."""

from django.urls import path

from reports.book import views

urlpatterns = [
    path("", views.latest, name="questions"),
    path("<collection:collection>/", views.book, name="book"),
    path("<collection:collection>/questions.xlsx", views.workbook, name="book_workbook"),
    path("<collection:collection>/questions.pdf", views.pdf, name="book_pdf"),
    path("<collection:collection>/checks/", views.checks, name="book_checks"),
    path("<collection:collection>/<slug:key>/", views.questionnaire, name="book_questionnaire"),
]
