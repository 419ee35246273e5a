"""Every write about people that has a consequence: registrations, invitations, roles, messages, the log."""

from accounts.actions.audit import record
from accounts.actions.errors import Refused
from accounts.actions.invitations import (
    accept,
    invite,
    invite_provider,
    send_again,
    sign_up_and_accept,
    withdraw,
)
from accounts.actions.memberships import (
    confirm_director,
    decline_director,
    end_membership,
    hand_over,
)
from accounts.actions.messages import deliver_message, mark_read, messages_due, queue, tell
from accounts.actions.registrations import (
    add_requested,
    approve,
    decline,
    decline_request,
    register,
    request_organisation,
    settle_registrations,
)

__all__ = [
    "Refused",
    "accept",
    "add_requested",
    "approve",
    "confirm_director",
    "decline",
    "decline_director",
    "decline_request",
    "deliver_message",
    "end_membership",
    "hand_over",
    "invite",
    "invite_provider",
    "mark_read",
    "messages_due",
    "queue",
    "record",
    "register",
    "request_organisation",
    "send_again",
    "settle_registrations",
    "sign_up_and_accept",
    "tell",
    "withdraw",
]
