"""Functions that the walls stand on. The roles themselves are made with the database (see docs/how-to/operate.md)."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION visible_organisations() RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    declared text := current_setting('mapping.organisations', true);
BEGIN
    IF declared IS NULL OR declared = '' THEN
        RAISE EXCEPTION 'no scope: this transaction has not said whose rows it may see'
            USING ERRCODE = 'insufficient_privilege', HINT = 'open tenancy.scope(...) or tenancy.staff_reading(...)';
    END IF;
    IF declared = 'nobody' THEN
        RETURN ARRAY[]::bigint[];
    END IF;
    RETURN string_to_array(declared, ',')::bigint[];
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are history: they are neither changed nor removed', TG_TABLE_NAME;
END $$;
"""

BACKWARDS = "DROP FUNCTION refuse_change(); DROP FUNCTION visible_organisations();"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
