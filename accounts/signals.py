"""What we do when somebody signs up, confirms an address or signs in; Django and allauth send the signals."""

from allauth.account.signals import email_confirmed, user_signed_up
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver

from accounts import actions
from accounts.models import Organisation, User

# What an anonymous visitor said on the registration page, kept until the account is there.
PENDING_REGISTRATION = "registration"


@receiver(user_signed_up)
def take_up_registration(request, user, **kwargs):
    """Write down the registration that led to this sign-up; it is decided once the address is confirmed."""
    pending = request.session.pop(PENDING_REGISTRATION, None)
    organisation = pending and Organisation.objects.filter(slug=pending["organisation"]).first()
    if organisation:
        actions.register(organisation, by=user, post=pending["post"], note=pending["note"])


@receiver(email_confirmed)
def decide_registrations(request, email_address, **kwargs):
    actions.settle_registrations(email_address.user)


@receiver(user_logged_in)
def note_sign_in(user, **kwargs):
    actions.record("signed in", user=user)


@receiver(user_login_failed)
def note_failed_sign_in(credentials, **kwargs):
    """Attempts on an account are in its log; what was tried as password is not."""
    address = str(credentials.get("email") or credentials.get("username") or "").lower()
    user = User.objects.filter(email=address).first()
    if user:
        actions.record("sign-in failed", user=user)
