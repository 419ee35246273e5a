"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    def pre_login(self, request, user, **kwargs):
        """System accounts write back-loads; nobody signs in as one."""
        if user.is_system:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix, email, context):
        """Mails about accounts bear the site's name and end like all our mails."""
        ours = {"site_name": settings.SITE_NAME, "helpdesk": settings.HELPDESK}
        super().send_mail(template_prefix, email, {**context, **ours})
