"""What this app does when a lower layer says that something has changed."""


def evaluate_changed_entry(sender, entry, **kwargs):
    """What is asked depends on fields of the entry: its response is evaluated again at once."""
    from questionnaires.actions import evaluate_again  # models are not loaded when this module is

    evaluate_again(entry)
