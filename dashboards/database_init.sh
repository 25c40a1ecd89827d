#!/bin/sh
# Run by the image when the database is made: the schema, the logins of Metabase and Grafana, and Metabase's own database.
set -eu

export PGUSER="$POSTGRES_USER" PGDATABASE="$POSTGRES_DB"
ttr-load --init

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
	--set=metabase="$METABASE_DATABASE_PASSWORD" --set=grafana="$GRAFANA_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE metabase LOGIN PASSWORD :'metabase' IN ROLE ttr_reader;
CREATE ROLE grafana LOGIN PASSWORD :'grafana' IN ROLE ttr_reader;
CREATE ROLE metabase_application LOGIN PASSWORD :'metabase';
CREATE DATABASE metabase OWNER metabase_application;
SQL
