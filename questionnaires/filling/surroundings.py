"""What example answers are made of beside the context: how large a service is, and whom and what it can name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Surroundings:
    """Children served, staff in post (WTE); keys of registers that answers may name, the own ones first.

    areas: GSS codes. organisations: GSS or ODS codes. services: references.
    """

    children: int = 120
    staff: float = 8.0
    areas: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
