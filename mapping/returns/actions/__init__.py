"""Every write to a return that has a consequence: decisions about parts, and the list of services."""

from mapping.returns.actions.events import record_event
from mapping.returns.actions.parts import (
    confirm_list,
    decline,
    extend,
    join_again,
    open_return,
    reopen,
    send_back,
    sign_off,
    submit,
    unconfirm_list,
)
from mapping.returns.actions.services import (
    add_service,
    add_services,
    carry_list_forward,
    close_entry,
    edit_entry,
    merge_entry,
    open_entry_again,
    remove_entry,
    rename_structure,
)

__all__ = [
    "add_service",
    "add_services",
    "carry_list_forward",
    "close_entry",
    "confirm_list",
    "decline",
    "edit_entry",
    "extend",
    "join_again",
    "merge_entry",
    "open_entry_again",
    "open_return",
    "record_event",
    "remove_entry",
    "rename_structure",
    "reopen",
    "send_back",
    "sign_off",
    "submit",
    "unconfirm_list",
]
