"""Every address of the site. Pages of an organisation come last: their address begins with its name."""

from django.contrib import admin
from django.urls import include, path

from mapping.core.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]
