"""Every address of the site. Pages of an organisation come last: their address begins with its name."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accounts.access import public_page
from mapping import demonstration, home
from mapping.core import gallery
from mapping.core.views import healthz

# The admin's own sign-in page would take a password alone, without second factor and limits of attempts.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", home.home, name="home"),
    path("demonstration/", demonstration.sign_ins, name="demonstration"),
    path("demonstration/mails/", demonstration.mails, name="mails"),
    path("healthz", public_page(healthz), name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("gallery/", public_page(gallery.gallery), name="gallery"),
    path("", include("mapping.helpdesk.urls")),
    path("", include("reports.urls")),
    path("", include("questionnaires.urls")),
    path("", include("accounts.urls")),
    path("", include("mapping.returns.urls")),
]
