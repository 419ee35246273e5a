"""Which role holds which permission: the one place that says who may do what."""

from enum import StrEnum

from accounts.models import Role, StaffRole


class Permission(StrEnum):
    # of an organisation
    RETURN_READ = "read the return and all of its answers"
    RETURN_ANSWER = "answer questionnaires that are theirs to answer"
    RETURN_SETUP = "keep the list of services, departments and localities"
    RETURN_DELEGATE = "ask others to answer"
    RETURN_SUBMIT = "check and submit a part"
    RETURN_DECIDE = "sign off a part or send it back"
    PEOPLE_MANAGE = "invite people and end memberships"
    DOCUMENT_READ = "open documents made for the organisation"
    # of staff
    REGISTRATIONS_APPROVE = "approve registrations and confirm directors"
    RETURN_EXTEND = "extend data entry and reopen parts"
    RETURN_PROGRESS = "see how far returns are"
    TABLES_UNPUBLISHED = "read tables before publication"
    COLLECTIONS_MANAGE = "change collections, definitions and registers"


_CONTRIBUTOR = {Permission.RETURN_ANSWER}
_LEAD = _CONTRIBUTOR | {
    Permission.RETURN_READ,
    Permission.RETURN_SETUP,
    Permission.RETURN_DELEGATE,
    Permission.RETURN_SUBMIT,
    Permission.PEOPLE_MANAGE,
    Permission.DOCUMENT_READ,
}
_DIRECTOR = {Permission.RETURN_READ, Permission.RETURN_DECIDE, Permission.DOCUMENT_READ}

OF_ROLE = {
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.LEAD: _LEAD,
    Role.DEPUTY: _LEAD,
    Role.DIRECTOR: _DIRECTOR,
}

OF_STAFF = {
    StaffRole.NONE: set(),
    StaffRole.SUPPORT_WORKER: {Permission.RETURN_PROGRESS},
    StaffRole.HELPDESK: {
        Permission.RETURN_PROGRESS,
        Permission.REGISTRATIONS_APPROVE,
        Permission.RETURN_EXTEND,
    },
    StaffRole.ANALYST: {Permission.TABLES_UNPUBLISHED},
    StaffRole.NATIONAL: {
        Permission.RETURN_PROGRESS,
        Permission.REGISTRATIONS_APPROVE,
        Permission.RETURN_EXTEND,
        Permission.TABLES_UNPUBLISHED,
        Permission.COLLECTIONS_MANAGE,
    },
}


def may(user, permission, organisation=None):
    """Whether ``user`` holds ``permission``: as staff, or by membership of ``organisation``."""
    if not user.is_authenticated or not user.is_active:
        return False
    if permission in OF_STAFF[user.staff_role]:
        return True
    membership = organisation and user.membership_of(organisation)
    return bool(membership) and permission in OF_ROLE[membership.role]
