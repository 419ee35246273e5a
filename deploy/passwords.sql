-- Production only: the passwords of the two roles that sign in, from the environment of the database's container.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
ALTER ROLE mapping_owner PASSWORD :'owner_password';
ALTER ROLE app PASSWORD :'app_password';
