"""The walls around people's rows, and the one reading that is needed before a scope is known."""

from django.db import migrations

from mapping.core.migration_operations import AppendOnly, ProtectByOrganisation

# An invitation is found by the hash of its token; the function tells nothing but whose it is.
INVITATION = """
CREATE FUNCTION invitation_organisation(sought text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT organisation_id FROM accounts_invitation WHERE token_hash = sought
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("core", "0001_walls")]
    operations = [
        ProtectByOrganisation("Invitation"),
        ProtectByOrganisation("Registration"),
        ProtectByOrganisation("Message"),
        ProtectByOrganisation("AuditEntry", or_none=True),
        AppendOnly("AuditEntry"),
        migrations.RunSQL(INVITATION, "DROP FUNCTION invitation_organisation(text)"),
    ]
