"""What upper layers may want to do at once, in the same transaction, when the list of services changes."""

from django.dispatch import Signal

entry_changed = Signal()  # sent with ``entry`` after fields of a service entry have changed
