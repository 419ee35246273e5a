"""Checks before a deployment (``manage.py check --deploy --database default``)."""

from django.core.checks import Error, Tags, register
from django.db import connections

ROLE = """
    SELECT rolsuper OR rolbypassrls OR rolcreaterole,
           rolinherit AND pg_has_role(oid, 'app_reader', 'MEMBER'),
           EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid AND relkind = 'r')
    FROM pg_roles WHERE rolname = current_user
"""


@register(Tags.database, deploy=True)
def serving_role_is_bound(app_configs, databases, **kwargs):
    """Refuse to serve with a role that row-level security does not bind."""
    errors = []
    for alias in set(databases or []) - {"owner"}:
        with connections[alias].cursor() as cursor:
            cursor.execute(ROLE)
            powerful, inherits, owns = cursor.fetchone()
        if powerful:
            errors.append(_refusal("is a superuser, makes roles or bypasses row-level security", "E001"))
        if inherits:
            errors.append(_refusal("inherits app_reader, so it reads every organisation's rows", "E002"))
        if owns:
            errors.append(_refusal("owns tables, so their policies do not bind it", "E003"))
    return errors


def _refusal(what, number):
    return Error(
        f"The database role of the site {what}.",
        hint="Serve as the role app, made as in docs/how-to/operate.md.",
        id=f"mapping.{number}",
    )
