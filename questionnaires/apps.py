from django.apps import AppConfig
from django.db.models.signals import post_save


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"

    def ready(self):
        from accounts.models import Invitation
        from mapping.returns.signals import (
            entry_changed,
            event_recorded,
            forms_chosen,
            list_changed,
            submitting,
        )
        from questionnaires.receivers import (
            check_before_submitting,
            check_unlocked,
            evaluate_changed_entry,
            evaluate_organisation,
            evaluate_services,
            settle_invitation,
        )

        entry_changed.connect(evaluate_changed_entry)
        forms_chosen.connect(evaluate_services)
        list_changed.connect(evaluate_organisation)
        submitting.connect(check_before_submitting)
        event_recorded.connect(check_unlocked)
        post_save.connect(settle_invitation, sender=Invitation)
