"""Whether a part takes answers now."""

from mapping.core import clock


def why_closed(part):
    """Why a part takes no answers now, in words for the person who tried; "" while it does."""
    if part.takes_answers:
        return ""
    if part.annual_return.is_declined:
        return "Your organisation has declined to take part in this collection."
    if not part.is_unlocked:
        decision = part.get_decision_display().lower()
        return f"The {part.kind} part is {decision}. You can read the answers but not change them."
    if clock.today() < part.collection.entry_opens:
        return f"Data entry opens on {part.collection.entry_opens:%-d %B %Y}."
    return f"Data entry closed on {part.closes_on:%-d %B %Y}. Ask the helpdesk if you need more time."
