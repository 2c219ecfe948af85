-- Version of the tables found; the view is made with them.
SELECT version FROM {{database}}.tables_version;
