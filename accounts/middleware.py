"""What every request passes: one transaction, and a second factor for staff."""

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse

# Pages that staff without a second factor may open: those that set one up, and the way out.
_WITHOUT_SECOND_FACTOR = ("/accounts/", "/static/")


class TenancyMiddleware:
    """Run each request in one transaction; the door of the view says whose rows it may see.

    What a view raises, and any answer of 500 and above, rolls the transaction back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "view_raised", False):
                transaction.set_rollback(True)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = (
                "private, no-cache"  # nobody's page is kept by a proxy for somebody else
            )
        return response

    def process_exception(self, request, exception):
        request.view_raised = True


class SecondFactorMiddleware:
    """Send staff who have no second factor to the page that sets one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        needs_one = (
            user.is_authenticated and user.staff_role and not request.path.startswith(_WITHOUT_SECOND_FACTOR)
        )
        if needs_one and not is_mfa_enabled(user):
            return redirect(f"{reverse('mfa_activate_totp')}?next={request.path}")
        return self.get_response(request)
