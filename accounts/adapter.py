"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def pre_login(self, request, user, **kwargs):
        """System accounts write back-loads; nobody signs in as one."""
        if user.is_system:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)
