"""What the two serving roles may do with the tables that the owner makes."""

from django.db import connections

# ``app`` may not truncate, and owns nothing; ``app_reader`` only reads.
GRANTS = """
    GRANT USAGE ON SCHEMA public TO app, app_reader;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO app;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO app_reader;
    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM app;
"""


def grant_to_serving_roles(using, **kwargs):
    """After a migration by the owner, let the serving roles use what it made."""
    if using == "owner":
        with connections[using].cursor() as cursor:
            cursor.execute(GRANTS)
