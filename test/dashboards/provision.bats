#!/usr/bin/env bats
# The program that builds the dashboard, against a stand-in of Metabase's API that refuses what Metabase refuses.

bats_require_minimum_version 1.5.0
load support

setup_file() {
	create_support
}

teardown_file() {
	drop_support
}

# A Metabase that nobody has set up yet.
setup() {
	log=$BATS_TEST_TMPDIR/log
	meet
	export METABASE_EMAIL=admin@support.example METABASE_PASSWORD=correct-horse
	viewer=$(name_of_file)_viewer
	cp "$CHECKOUT/dashboards/metabase/dashboard.yaml" "$BATS_TEST_TMPDIR/dashboard.yaml"
	cd "$BATS_TEST_TMPDIR"
}

# Another Metabase, of the kind that the environment says; see the stand-in.
meet() {
	[ -z "${standin:-}" ] || kill "$standin"
	rm -f "$BATS_TEST_TMPDIR/port"
	STANDIN_API_KEY=mb_key /usr/bin/python3 "$CHECKOUT/test/dashboards/metabase_standin.py" "$BATS_TEST_TMPDIR/port" "$log" \
		3>&- 2>>"$BATS_TEST_TMPDIR/standin.err" &
	standin=$!
	for _ in {1..100}; do
		[ -e "$BATS_TEST_TMPDIR/port" ] && break
		sleep 0.1
	done
	METABASE_URL=http://127.0.0.1:$(cat "$BATS_TEST_TMPDIR/port")
	export METABASE_URL
}

teardown() {
	kill "$standin"
	[ ! -s "$BATS_TEST_TMPDIR/standin.err" ] || { cat "$BATS_TEST_TMPDIR/standin.err"; return 1; }
}

build() {
	PGUSER=$viewer PGPASSWORD=secret run --separate-stderr provision "$@" dashboard.yaml
}

# What was written since the log was emptied, apart from logging in
writes() {
	grep -vE '^GET |^POST /api/session 200' "$log" || true
}

ask() {
	curl -sf -H 'X-API-Key: mb_key' "$METABASE_URL$1"
}

dashboard() {
	ask "/api/dashboard/$(basename "${output##*$'\n'}")"
}

@test "an untouched Metabase is set up and gets the database, the formats and the dashboard" {
	build
	[ "$status" -eq 0 ]
	dashboard >built
	[ "$(jq -r .name built)" == "Time to resolution" ]
	[ "$(jq '[.dashcards[] | select(.card_id)] | length' built)" -eq "$(grep -c '^        at: ' dashboard.yaml)" ]
	[ "$(jq -c '[.parameters[].id]' built)" == '["period","assignee","tag"]' ]
	[ "$(jq '[.dashcards[].parameter_mappings[]] | length' built)" -gt 40 ]
	! grep -q ' [45]..$' "$log"
	ask "/api/database/$(ask /api/database | jq '.data[0].id')/metadata" >metadata
	[ "$(jq -c '[.tables[].fields[] | select(.name == "p95_hours") | .settings] | unique' metadata)" == '[{"suffix":" h","decimals":1}]' ]
}

@test "built again, it writes nothing" {
	build
	: >"$log"
	first=$output
	build
	[ "$status" -eq 0 ]
	[ -z "$(writes)" ]
	[ "${#lines[@]}" -eq 1 ]
	[ "${lines[0]}" == "${first##*$'\n'}" ]
}

@test "an edited card is changed in place, under another name too" {
	build
	dashboard | jq -S '[.dashcards[] | [.id, .card_id, .col]]' >before
	sed -i 's/name: 95th percentile$/name: Nineteen of twenty/; s/at: \[4, 0, 4, 3\]/at: [4, 0, 4, 2]/' dashboard.yaml
	: >"$log"
	build
	[ "$status" -eq 0 ]
	[ "$(writes | cut -d / -f 1-3)" == $'PUT /api/card\nPUT /api/dashboard' ]
	[[ $output == *'card "Nineteen of twenty": changed'* ]]
	dashboard >after
	diff before <(jq -S '[.dashcards[] | [.id, .card_id, .col]]' after)
	[ "$(jq '[.dashcards[] | select(.col == 4) | .size_y]' -c after)" == '[2]' ]
	: >"$log"
	build
	[ -z "$(writes)" ]
}

@test "a filter, a format or a setting that the file no longer has goes from the card" {
	build
	sed -i 's/^  "avg_messages":.*//; s/^          graph.show_values: true$//; /name: By assignee/,/ORDER BY/s/ \[\[, tag => {{tag}}\]\]//' dashboard.yaml
	sed -i '/name: By assignee/,/sql:/s/filters: \[period, assignee, tag\]/filters: [period, assignee]/' dashboard.yaml
	: >"$log"
	build
	[ "$status" -eq 0 ]
	[ "$(writes | grep -c 'PUT /api/card')" -eq 2 ]
	dashboard | jq '[.dashcards[] | select(.parameter_mappings | length == 2)] | length' | grep -qx 2
}

@test "a card that the file no longer has leaves the dashboard and stays in Metabase" {
	build
	collection=$(ask /api/collection | jq '.[1].id')
	cards=$(ask "/api/collection/$collection/items?models=card&limit=100" | jq .total)
	/usr/bin/python3 - dashboard.yaml <<'PYTHON'
import sys, yaml
given = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
del given["sections"][1]["cards"]["distribution"]
yaml.safe_dump(given, open(sys.argv[1], "w", encoding="utf-8"), sort_keys=False)
PYTHON
	: >"$log"
	build
	[ "$status" -eq 0 ]
	[ "$(writes | cut -d / -f 1-3)" == 'PUT /api/dashboard' ]
	[ "$(ask "/api/collection/$collection/items?models=card&limit=100" | jq .total)" -eq "$cards" ]
}

@test "what somebody changed by hand is put right" {
	build
	card=$(dashboard | jq '[.dashcards[].card_id | numbers][0]')
	curl -sf -X PUT -H 'X-API-Key: mb_key' -d '{"display": "table"}' "$METABASE_URL/api/card/$card" >/dev/null
	: >"$log"
	build
	[ "$(writes)" == "PUT /api/card/$card 200" ]
	[ "$(ask "/api/card/$card" | jq -r .display)" == scalar ]
}

@test "an API key serves as well as a login" {
	build
	: >"$log"
	METABASE_API_KEY=mb_key METABASE_PASSWORD= build
	[ "$status" -eq 0 ]
	! grep -q session "$log"
	printf 'mb_wrong\n' >key
	METABASE_API_KEY_FILE=key build
	[ "$status" -eq 1 ]
	[[ $stderr == *"401"*"Unauthenticated"* ]]
}

@test "a wrong password is said, and nothing is written" {
	build
	: >"$log"
	METABASE_PASSWORD=wrong build
	[ "$status" -eq 1 ]
	[[ $stderr == *"POST /api/session"*"401"*"did not match stored password"* ]]
	[ "$(writes)" == 'POST /api/session 401' ]
	METABASE_PASSWORD='' build
	[ "$status" -eq 1 ]
	[[ $stderr == *"nobody to log in as"* ]]
}

@test "a database that Metabase cannot reach is said" {
	viewer=nobody_at_all
	build
	[ "$status" -eq 1 ]
	[[ $stderr == *"POST /api/database"*"could not connect"*"nobody_at_all"* ]]
}

# No traceback: one line that says what is wrong
told() {
	[ "$status" -eq 1 ]
	[[ $stderr == "provision: "*"$1"* && $stderr != *$'\n'* ]] || { echo "$stderr"; return 1; }
}

@test "a setting that cannot be right is named before anything is asked" {
	wrong() {
		run --separate-stderr env "$1" PGPASSWORD=secret /usr/bin/python3 "$CHECKOUT/dashboards/metabase/provision" dashboard.yaml
		told "$2"
	}
	wrong PGPORT=abc 'PGPORT is "abc", but must be a number from 1 to 65535, such as 5432'
	wrong PGPORT=70000 'PGPORT is "70000"'
	wrong PGPORT=0 'PGPORT is "0"'
	wrong PGPORT=5432,5433 'PGPORT is "5432,5433"'
	wrong PGPORT=٥٤٣٢ 'PGPORT is "٥٤٣٢"'
	wrong PGSSLMODE=required 'PGSSLMODE is "required", but must be one of disable, allow, prefer, require, verify-ca, verify-full'
	for address in metabase.example.org localhost:3000 ftp://localhost 'http://' http://localhost:abc http://localhost:70000 \
		'http://local host' http://me:secret@localhost 'http://localhost/#/setup'; do
		wrong "METABASE_URL=$address" "METABASE_URL is \"$address\", but must be like http://localhost:3000"
	done
	wrong METABASE_API_KEY=$'mb_\nkey' 'METABASE_API_KEY is not a key'
	wrong METABASE_API_KEY=mb_clé 'METABASE_API_KEY is not a key'
	wrong METABASE_PASSWORD_FILE=missing 'METABASE_PASSWORD_FILE: cannot read missing: No such file or directory'
	: >empty
	wrong METABASE_PASSWORD_FILE=empty 'METABASE_PASSWORD_FILE: empty is empty'
	printf '\377\n' >latin
	wrong METABASE_API_KEY_FILE=latin 'METABASE_API_KEY_FILE: cannot read latin: it is not text in UTF-8'
	[ ! -e "$log" ]
}

@test "a Metabase that is still starting is waited for, and whoever waits is told" {
	STANDIN_STARTS=2 meet
	build
	[ "$status" -eq 0 ]
	[[ $stderr == 'provision: waiting for Metabase: GET /api/health: Metabase answered 503:'*initializing* && $stderr != *$'\n'* ]]
	[ "$(grep -c '^GET /api/health 503' "$log")" -eq 2 ]
}

@test "an address at which something else answers, or which leads elsewhere, is said at once" {
	/usr/bin/python3 - other.port 3>&- <<'PYTHON' &
import http.server, os, sys

class Other(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status = {"/page": 200, "/moved": 301}.get(self.path.removesuffix("/api/health"), 404)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "https://metabase.example.org/api/health")
        self.end_headers()
        self.wfile.write(b"<h1>It works!</h1>")

    def log_message(self, *arguments):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Other)
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
for _ in range(3):
    server.handle_request()
PYTHON
	for _ in {1..100}; do
		[ -e other.port ] && break
		sleep 0.1
	done
	other=http://127.0.0.1:$(cat other.port)
	METABASE_URL=$other build
	told "Metabase answered 404: <h1>It works!</h1>: is METABASE_URL $other its address?"
	METABASE_URL=$other/page build
	told "not the answer of a Metabase: '<h1>It works!</h1>': is METABASE_URL $other/page its address?"
	METABASE_URL=$other/moved build
	told "redirects to https://metabase.example.org/api/health: set METABASE_URL to where Metabase itself answers"
}

@test "a Metabase that is too old is said, and nothing is written" {
	STANDIN_VERSION=v1.57.9 meet
	build
	told "is Metabase v1.57.9: the dashboard needs version 58 or later"
	[ -z "$(writes)" ]
}

@test "a database of another kind under the name is left alone" {
	build
	curl -sf -H 'X-API-Key: mb_key' -d '{"name": "Sample", "engine": "h2", "details": {}}' "$METABASE_URL/api/database" >/dev/null
	: >"$log"
	METABASE_DATABASE=Sample build
	told 'what Metabase knows as "Sample" is no PostgreSQL but h2: name another database with METABASE_DATABASE'
	[ -z "$(writes)" ]
}

@test "a run that broke off, wherever, is completed by the next one, with nothing twice" {
	build
	dashboard | jq -S '[.dashcards[] | [.col, .row, .visualization_settings.text]]' >whole
	total=$(grep -cvE '^GET ' "$log")
	export STANDIN_WRITES_FILE=$PWD/limit
	for limit in 0 1 2 3 $((total / 2)) $((total - 12)) $((total - 2)) $((total - 1)); do
		echo "$limit" >limit
		meet
		build
		told 'Metabase answered 500'
		rm limit
		build
		[ "$status" -eq 0 ]
		dashboard | jq -S '[.dashcards[] | [.col, .row, .visualization_settings.text]]' | cmp - whole
		[ "$(ask /api/database | jq '.data | length')" -eq 1 ]
		[ "$(ask /api/collection | jq length)" -eq 2 ]
		collection=$(ask /api/collection | jq '.[1].id')
		[ "$(ask "/api/collection/$collection/items?models=card&limit=100" | jq .total)" -eq \
			"$(($(grep -c '^        at: ' dashboard.yaml) + 2))" ]
	done
}

@test "names may be in any script, whatever the terminal can show" {
	sed -i 's/^collection: .*/collection: サポート 📊/; s/^name: Time to resolution/name: Zeit bis zur Lösung/; s/name: By tag/name: "לפי תגית <b>"/' dashboard.yaml
	PYTHONIOENCODING=latin-1 METABASE_DATABASE='支援 "A"' build
	[ "$status" -eq 0 ]
	[ "$(ask /api/database | jq -r '.data[0].name')" == '支援 "A"' ]
	[ "$(ask /api/collection | jq -r '.[1].name')" == 'サポート 📊' ]
	[ "$(dashboard | jq -r .name)" == 'Zeit bis zur Lösung' ]
	: >"$log"
	METABASE_DATABASE='支援 "A"' build
	[ -z "$(writes)" ]
}

@test "beside a dashboard that somebody renamed another is built, of the same cards" {
	build
	renamed=$(basename "${output##*$'\n'}")
	curl -sf -X PUT -H 'X-API-Key: mb_key' -d '{"name": "Ours"}' "$METABASE_URL/api/dashboard/$renamed" >/dev/null
	: >"$log"
	build
	[ "$status" -eq 0 ]
	[ "$(writes | cut -d / -f 1-3 | cut -d ' ' -f 1,2)" == $'POST /api/dashboard\nPUT /api/dashboard' ]
	[ "$(dashboard | jq -c '[.dashcards[].card_id]')" == "$(ask "/api/dashboard/$renamed" | jq -c '[.dashcards[].card_id]')" ]
}

@test "a changed user of the database is taken over; the password, or all of the connection, may be left out" {
	build
	sql "CREATE ROLE provision_other LOGIN IN ROLE ttr_reader"
	: >"$log"
	PGUSER=provision_other run --separate-stderr provision dashboard.yaml
	[ "$status" -eq 0 ]
	[ "$(writes | cut -d / -f 1-3)" == 'PUT /api/database' ]
	: >"$log"
	PGHOST='' run --separate-stderr provision dashboard.yaml
	[ "$status" -eq 0 ]
	[ -z "$(writes)" ]
	[ "$(ask /api/database | jq -r '.data[0].details.user')" == provision_other ]
	sql "DROP ROLE provision_other"
}

@test "a mistake in the file is found before anything is sent" {
	mistake() {
		cp "$CHECKOUT/dashboards/metabase/dashboard.yaml" dashboard.yaml
		sed -i "$1" dashboard.yaml
		! cmp -s dashboard.yaml "$CHECKOUT/dashboards/metabase/dashboard.yaml"
		build
		[ "$status" -eq 1 ]
		[[ $stderr == *"$2"* ]] || { echo "$stderr"; return 1; }
	}
	mistake 's/at: \[20, 0, 4, 3\]/at: [21, 0, 4, 3]/' 'card closed: [21, 0, 4, 3] leaves the grid of 24 columns'
	mistake 's/at: \[20, 0, 4, 3\]/at: [19, 0, 4, 3]/' 'card closed covers card within_24h'
	mistake '0,/filters: \[period, assignee, tag\]/s//filters: [period, assignee]/' 'its SQL has {{tag}}'
	mistake '0,/filters: \[period, assignee, tag\]/s//filters: [period, assignee, team]/' 'unknown filter "team"'
	mistake 's/display: scalar/display: scalr/' 'unknown display "scalr"'
	mistake 's/description: Half of/descripton: Half of/' 'unknown key "descripton"'
	mistake 's/values: tags.tag/values: tag.tag/' 'there is no list "tag"'
	mistake 's/values: tags.tag/values: tags.label/' 'the list "tags" has no column "label"'
	mistake 's/at: \[20, 0, 4, 3\]/at: 20/' 'card closed: "at" takes a list, not 20'
	mistake 's/display: scalar/display: [scalar]/' '"display" takes text, not ['
	mistake 's/columns: {period: cohorts.week}/columns: {period: week}/' "a column is named as view.column, not 'week'"
	mistake 's/columns: {period: cohorts.week}/columns: {tag: cohorts.week}/' 'a column for the filter "tag", which it does not name'
	mistake 's/"avg_messages": .*/"avg_messages": 1/' 'formats: "avg_messages" takes keys and values, not 1'
	mistake 's/^sections:.*/sections: all of them\nmore:/' 'unknown key "more"'
	mistake 's/^sections:/sections: [/' 'not YAML'
	mistake 's/name: Assignee$/name: Zust\xe4ndig/' 'not YAML'
	[ ! -e "$log" ]
}

@test "a view that the login cannot see is named" {
	sed -i 's/columns: {period: cohorts.week}/columns: {period: cohorts.wek}/' dashboard.yaml
	cp -r "$CHECKOUT/dashboards/metabase" program
	sed -i 's/^PATIENCE_SECONDS = .*/PATIENCE_SECONDS = 2/' program/metabase.py
	PGUSER=$viewer PGPASSWORD=secret run --separate-stderr /usr/bin/python3 program/provision dashboard.yaml
	[ "$status" -eq 1 ]
	[[ $stderr == *"does not see cohorts.wek"*"ttr.grant_read()"* ]]
}

@test "the script of the container makes the schema and logins that see the figures and nothing else" {
	createdb compose
	POSTGRES_USER=postgres POSTGRES_DB=compose METABASE_DATABASE_PASSWORD="it's" GRAFANA_DATABASE_PASSWORD=g \
		sh "$CHECKOUT/dashboards/database_init.sh"
	for login in metabase grafana; do
		[ "$(psql -XqAt -U "$login" -d compose -c 'SELECT count(*) FROM ttr.overall')" -eq 1 ]
		run psql -XqAt -U "$login" -d compose -c 'SELECT count(*) FROM ttr_data.conversation'
		[[ $output == *"permission denied"* ]]
	done
	psql -XqAt -U metabase_application -d metabase -c 'CREATE TABLE setting (key text)'
	dropdb compose
	dropdb metabase
	dropuser metabase
	dropuser grafana
	dropuser metabase_application
}

@test "the stand-in refuses what a Metabase would" {
	build
	board=$(basename "${output##*$'\n'}")
	dashboard | jq '{dashcards: [.dashcards[] | {id, card_id, row, col, size_x, size_y, parameter_mappings, visualization_settings}]}' >sent
	card=$(jq '[.dashcards[].card_id | numbers][0]' sent)
	ask "/api/card/$card" | jq '{dataset_query} | .dataset_query.stages[0]["template-tags"] |= (map({(.name): .}) | add)' >query

	refused() {
		local expected=$1 method=$2 path=$3
		run curl -s -o answer -w '%{http_code}' -X "$method" -H 'X-API-Key: mb_key' -d @- "$METABASE_URL$path"
		[ "$output" == "$expected" ] || { echo "$method $path: $output instead of $expected: $(cut -c 1-300 answer)"; return 1; }
	}
	refused 200 PUT "/api/dashboard/$board" <sent
	refused 200 PUT "/api/card/$card" <query
	jq '.dashcards[3].col = 22' sent | refused 400 PUT "/api/dashboard/$board"
	jq '.dashcards[-1].row = 1' sent | refused 400 PUT "/api/dashboard/$board"
	jq '.dashcards[-1].id = 7' sent | refused 404 PUT "/api/dashboard/$board"
	jq '.dashcards[-1].card_id = 7' sent | refused 404 PUT "/api/dashboard/$board"
	jq '.dashcards[-1].colour = "red"' sent | refused 400 PUT "/api/dashboard/$board"
	jq '(.dashcards[] | .parameter_mappings[0]?.parameter_id) |= "quarter"' sent | refused 400 PUT "/api/dashboard/$board"
	jq '(.dashcards[] | select(.parameter_mappings != []) | .parameter_mappings[0].target[0]) |= "dimension"
	    | (.dashcards[] | select(.parameter_mappings != []) | .parameter_mappings[0].target[1][1]) |= "tag"' sent | refused 400 PUT "/api/dashboard/$board"
	echo '{"parameters": [{"id": "day", "name": "Day", "slug": "day", "type": "date/any"}]}' | refused 400 PUT "/api/dashboard/$board"
	jq '.dataset_query.database = 7' query | refused 404 PUT "/api/card/$card"
	jq '.dataset_query.stages[0].native += " {{more}}"' query | refused 400 PUT "/api/card/$card"
	jq '.dataset_query.stages[0]["template-tags"].period.dimension = ["field", 101, null]' query | refused 400 PUT "/api/card/$card"
	jq '.dataset_query.stages[0]["template-tags"].period.dimension[2] = 7' query | refused 404 PUT "/api/card/$card"
	jq '.dataset_query.stages[0]["template-tags"].period.id = "period"' query | refused 400 PUT "/api/card/$card"
	echo '{"name": "", "display": "bar", "dataset_query": {}, "visualization_settings": {}}' | refused 400 POST /api/card
	echo '{"settings": "percent"}' | refused 400 PUT /api/field/103
	echo '{}' | refused 404 PUT /api/field/7
	echo '{"token": "guessed", "user": {"email": "a@b.example", "password": "x"}, "prefs": {"site_name": "x"}}' | refused 403 POST /api/setup
	[ "$(curl -s -o answer -w '%{http_code}' "$METABASE_URL/api/database")" == 401 ]
}
