from django.apps import AppConfig
from django.db.models.signals import post_save


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"

    def ready(self):
        from accounts.models import Invitation
        from mapping.returns.signals import entry_changed, list_changed
        from questionnaires.receivers import evaluate_changed_entry, evaluate_organisation, settle_invitation

        entry_changed.connect(evaluate_changed_entry)
        list_changed.connect(evaluate_organisation)
        post_save.connect(settle_invitation, sender=Invitation)
