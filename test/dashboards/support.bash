# What the tests of the dashboards share: a database with the sample export and one doubtful conversation, and a login that may
# only read, as those of Metabase and Grafana.

# Names are the file's own: files run at the same time, and logins are the server's.
name_of_file() {
	basename "$BATS_TEST_FILENAME" .bats
}

create_support() {
	PGDATABASE="dashboards_$(name_of_file)"
	export PGDATABASE
	createdb
	ttr-load -q --json "$CHECKOUT/test/data/may-2025.csv" >/dev/null
	printf '%s\n' conversation_id,user_id,started_at,resolved_at,state,assignee_email \
		doubtful-1,customer-1,2025-05-10T10:00:00Z,,closed,maya.lindqvist@payfern.example |
		ttr-load -q --json --exported-at=2025-06-22T00:00:00Z - >/dev/null
	psql -Xq -c "CREATE ROLE $(name_of_file)_viewer LOGIN IN ROLE ttr_reader"
}

drop_support() {
	dropdb --force "$PGDATABASE"
	dropuser "$(name_of_file)_viewer"
}

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

# PgJDBC as that login; see Client.java
client() {
	PGUSER="$(name_of_file)_viewer" java -Djava.library.path="$(dirname /usr/lib/*/jni/libjunixsocket-native-system.so)" \
		-cp /usr/share/java/postgresql.jar:/usr/share/java/junixsocket-common.jar \
		"$CHECKOUT/test/dashboards/Client.java" "$@"
}

statements() {
	/usr/bin/python3 "$CHECKOUT/test/dashboards/statements.py" "$@"
}

provision() {
	/usr/bin/python3 "$CHECKOUT/dashboards/metabase/provision" "$@"
}
