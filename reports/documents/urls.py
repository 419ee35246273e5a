"""Addresses of results, below an organisation's return."""

from django.urls import path

from reports.documents import views

urlpatterns = [
    path("", views.documents, name="documents"),
    path("draft/", views.ask_draft, name="ask_draft"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/status/", views.document_status, name="document_status"),
    path("<int:pk>/try/", views.try_document, name="try_document"),
]
