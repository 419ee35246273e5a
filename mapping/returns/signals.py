"""What upper layers may want to do at once, in the same transaction, when something happens to a return."""

from django.dispatch import Signal

entry_changed = Signal()  # sent with ``entry`` after fields of a service entry have changed
# sent with ``annual_return`` after services came, went, or changed what the organisation owes
list_changed = Signal()
# sent with ``annual_return`` after all its services were given the full or the short form
forms_chosen = Signal()
# sent with ``part``, which is held, before its progress decides whether it is submitted
submitting = Signal()
event_recorded = Signal()  # sent with ``event`` once a ReturnEvent is written
