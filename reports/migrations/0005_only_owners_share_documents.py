"""Only the organisation that a document belongs to says who else may read it."""

from django.db import migrations

# The policies of documents read this table, so this one asks a function of the owner's, which tells no more than
# whose a document is.
FORWARDS = """
CREATE FUNCTION organisation_of_document(sought bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT organisation_id FROM reports_document WHERE id = sought
$$;
CREATE POLICY only_owners_share ON reports_documentreader AS RESTRICTIVE FOR INSERT TO app
    WITH CHECK (organisation_of_document(document_id) = ANY ((SELECT visible_organisations())::bigint[]));
CREATE POLICY readers_stay ON reports_documentreader AS RESTRICTIVE FOR UPDATE TO app USING (false);
"""
BACKWARDS = """
DROP POLICY readers_stay ON reports_documentreader;
DROP POLICY only_owners_share ON reports_documentreader;
DROP FUNCTION organisation_of_document(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_forget_number_of_pages")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
