"""Who: the registers of organisations and areas, and the people who act for them."""

from accounts.models.people import (
    AuditEntry,
    Invitation,
    Membership,
    Message,
    OrganisationRequest,
    Registration,
    Role,
    StaffRole,
    User,
    hash_of,
)
from accounts.models.registers import *  # noqa: F403

__all__ = [
    "AuditEntry",
    "Invitation",
    "Membership",
    "Message",
    "OrganisationRequest",
    "Registration",
    "Role",
    "StaffRole",
    "User",
    "hash_of",
]
