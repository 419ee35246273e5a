-- The three roles of the database and the database itself. Run once by the cluster's superuser, which the site
-- never uses. Development uses it as it stands; passwords.sql adds the passwords of production.
CREATE ROLE mapping_owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS; -- owns every table, runs the migrations
CREATE ROLE app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS; -- serves people and runs jobs, bound by row-level security
CREATE ROLE app_reader NOLOGIN NOSUPERUSER NOBYPASSRLS; -- what app becomes for a declared reading by staff
GRANT app_reader TO app;
CREATE DATABASE mapping OWNER mapping_owner;
