#!/usr/bin/env python3
"""Stands in for Metabase's HTTP API: it keeps what it is sent, and refuses what Metabase refuses.

    metabase_standin.py PORT-FILE LOG

It listens on a free port of the loopback address, which it writes into PORT-FILE, and appends "METHOD PATH STATUS" of each request
to LOG. Like Metabase it knows nothing at first and is set up with a token; it reads the schema of a database that it can connect
to (through psql), and gives its own numbers to columns, cards and the like. A database is synced some requests after it was added,
as there it is some minutes.

It takes only the keys that the newest Metabase declares for a request, and answers with more than it was sent, as that does: null
for what is missing, a "lib/uuid" in every reference to a column, template tags in a list. Beyond what Metabase refuses it refuses
what that would store and then show wrongly: a card beside the grid or over another one, a filter that leads nowhere.

The environment may say what kind of Metabase it is:

    STANDIN_API_KEY       an API key that it takes
    STANDIN_VERSION       the version that it gives: v0.58.1
    STANDIN_STARTS        how often it answers that it is starting
    STANDIN_WRITES_FILE   a file with a number of writes, after which it breaks down until the file is gone
"""

import json
import os
import re
import subprocess
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SETUP_TOKEN = str(uuid.uuid4())
MASK = "**MetabasePass**"
POLLS_UNTIL_SYNCED = 2

TEXT, INTEGER, BOOLEAN, OBJECT, LIST = str, int, bool, dict, list
PARAMETER_TYPES = {"date/all-options", "date/range", "date/relative", "date/single", "string/=", "string/contains", "number/="}
DISPLAYS = {"table", "bar", "line", "area", "row", "pie", "scalar", "smartscalar", "combo", "gauge", "progress", "object"}

CARD = {"name": TEXT, "type": TEXT, "dataset_query": OBJECT, "description": TEXT, "display": TEXT, "visualization_settings": OBJECT,
        "parameters": LIST, "parameter_mappings": LIST, "collection_id": INTEGER, "collection_position": INTEGER}
DASHBOARD = {"name": TEXT, "description": TEXT, "parameters": LIST, "collection_id": INTEGER, "collection_position": INTEGER}
DASHBOARD_UPDATE = {**DASHBOARD, "dashcards": LIST, "tabs": LIST, "width": TEXT, "archived": BOOLEAN, "auto_apply_filters": BOOLEAN}
DASHCARD = {"id": INTEGER, "size_x": INTEGER, "size_y": INTEGER, "row": INTEGER, "col": INTEGER, "card_id": INTEGER,
            "dashboard_tab_id": INTEGER, "parameter_mappings": LIST, "visualization_settings": OBJECT, "series": LIST}
DATABASE = {"name": TEXT, "engine": TEXT, "details": OBJECT, "is_full_sync": BOOLEAN, "is_on_demand": BOOLEAN}
FIELD = {"display_name": TEXT, "description": TEXT, "semantic_type": TEXT, "has_field_values": TEXT, "settings": OBJECT}


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def refuse_unless(condition, message, status=400):
    if not condition:
        raise Refused(status, message)


def check_keys(body, allowed, required=()):
    refuse_unless(isinstance(body, dict), "expected an object")
    for key, value in body.items():
        refuse_unless(key in allowed, f"disallowed key: {key}")
        expected = allowed[key]
        right = value is None or isinstance(value, expected) and not (expected is int and isinstance(value, bool))
        refuse_unless(right, f"{key}: expected {expected.__name__}")
    for key in required:
        refuse_unless(body.get(key) not in (None, ""), f"{key}: missing required key")


class State:
    """All that this Metabase knows."""

    def __init__(self):
        self.user = None
        self.sessions = set()
        self.databases, self.fields, self.collections, self.cards, self.dashboards, self.dashcards = {}, {}, {}, {}, {}, {}
        self.last_id = 100
        self.starts = int(os.environ.get("STANDIN_STARTS", "0"))
        self.writes = 0

    def next_id(self):
        self.last_id += 1
        return self.last_id

    def known(self, kind, number):
        refuse_unless(number in kind, "Not found.", 404)
        return kind[number]

    # Setup and sessions

    def open_session(self):
        session = str(uuid.uuid4())
        self.sessions.add(session)
        return {"id": session}

    def properties(self):
        return {"setup-token": None if self.user else SETUP_TOKEN, "has-user-setup": self.user is not None,
                "version": {"date": "2026-01-15", "tag": os.environ.get("STANDIN_VERSION", "v0.58.1"), "hash": "0000000"}}

    def health(self):
        self.starts -= 1
        refuse_unless(self.starts < 0, "initializing", 503)
        return {"status": "ok"}

    def break_down(self):
        path = os.environ.get("STANDIN_WRITES_FILE", "")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                refuse_unless(self.writes < int(file.read()), "out of memory", 500)
        self.writes += 1

    def setup(self, body):
        check_keys(body, {"token": TEXT, "user": OBJECT, "prefs": OBJECT}, ("token", "user", "prefs"))
        refuse_unless(self.user is None, "The /api/setup route can only be used to create the first user", 403)
        refuse_unless(body["token"] == SETUP_TOKEN, "Token does not match the setup token.")
        check_keys(body["user"], dict.fromkeys(("email", "password", "first_name", "last_name"), TEXT), ("email", "password"))
        check_keys(body["prefs"], {"site_name": TEXT, "site_locale": TEXT}, ("site_name",))
        refuse_unless("@" in body["user"]["email"], "email: value must be a valid email address.")
        self.user = body["user"]
        return self.open_session()

    def log_in(self, body):
        check_keys(body, {"username": TEXT, "password": TEXT}, ("username", "password"))
        refuse_unless(self.user and (body["username"], body["password"]) == (self.user["email"], self.user["password"]),
                      "did not match stored password", 401)
        return self.open_session()

    # Databases and columns

    def shown_database(self, database):
        return {**database, "details": {**database["details"], "password": MASK}, "tables": None, "features": ["basic-aggregations"]}

    def add_database(self, body):
        check_keys(body, DATABASE, ("name", "engine", "details"))
        refuse_unless(body["engine"] in ("postgres", "h2"), "engine: invalid")
        if body["engine"] == "postgres":
            self.connect(body["details"])
        number = self.next_id()
        self.databases[number] = {"id": number, "name": body["name"], "engine": body["engine"], "details": body["details"],
                                  "initial_sync_status": "incomplete", "polls": 0}
        return self.shown_database(self.databases[number])

    def change_database(self, number, body):
        database = self.known(self.databases, number)
        check_keys(body, DATABASE)
        details = body.get("details") or database["details"]
        if details.get("password") == MASK:
            details["password"] = database["details"]["password"]
        self.connect(details)
        database["details"] = details
        return self.shown_database(database)

    def connect(self, details):
        for key, kind in (("host", str), ("port", int), ("dbname", str), ("user", str), ("password", str), ("ssl", bool)):
            refuse_unless(isinstance(details.get(key), kind), f"details: {key} is missing or of the wrong type")
        run = self.psql(details, "SELECT 1")
        refuse_unless(run.returncode == 0, f"could not connect: {run.stderr}")

    def psql(self, details, query):
        environment = {**os.environ, "PGPASSWORD": details["password"], "PGOPTIONS": ""}
        return subprocess.run(["psql", "-XqAt", "-F", "\t", "-h", details["host"], "-p", str(details["port"]), "-U", details["user"],
                               "-d", details["dbname"], "-c", query], env=environment, capture_output=True, text=True, check=False)

    def database(self, number):
        database = self.known(self.databases, number)
        database["polls"] += 1
        if database["initial_sync_status"] == "incomplete" and database["polls"] > POLLS_UNTIL_SYNCED:
            self.sync(number)
            database["initial_sync_status"] = "complete"
        return self.shown_database(database)

    def sync(self, number):
        details = self.known(self.databases, number)["details"]
        schema = details.get("schema-filters-patterns", "")
        run = self.psql(details, f"""
            SELECT c.table_schema, c.table_name, c.column_name
            FROM information_schema.columns AS c
            WHERE c.table_schema ~ '^({schema or '.*'})$' AND c.table_schema !~ '^information_schema|catalog_history|pg_'
              AND c.table_name <> '_metabase_metadata'
            ORDER BY 1, 2, c.ordinal_position""")
        refuse_unless(run.returncode == 0, f"sync failed: {run.stderr}", 500)
        known = {(field["database"], field["schema"], field["table"], field["name"]) for field in self.fields.values()}
        for line in run.stdout.splitlines():
            place = (number, *line.split("\t"))
            if place not in known:
                field_id = self.next_id()
                self.fields[field_id] = {"id": field_id, "database": number, "schema": place[1], "table": place[2], "name": place[3],
                                         "settings": None}
        return {"status": "ok"}

    def metadata(self, number):
        self.known(self.databases, number)
        tables = {}
        for field in self.fields.values():
            if field["database"] == number:
                table = tables.setdefault((field["schema"], field["table"]),
                                          {"schema": field["schema"], "name": field["table"], "fields": []})
                table["fields"].append({"id": field["id"], "name": field["name"], "settings": field["settings"]})
        return {"id": number, "tables": list(tables.values())}

    def change_field(self, number, body):
        field = self.known(self.fields, number)
        check_keys(body, FIELD)
        field.update({key: value for key, value in body.items() if value is not None})
        return field

    # Collections and cards

    def add_collection(self, body):
        check_keys(body, {"name": TEXT, "description": TEXT, "parent_id": INTEGER}, ("name",))
        number = self.next_id()
        self.collections[number] = {"id": number, "name": body["name"], "location": "/", "archived": False, "description": None}
        return self.collections[number]

    def all_collections(self):
        return [{"id": "root", "name": "Our analytics"}, *self.collections.values()]

    def items(self, number, query):
        self.known(self.collections, number)
        models = query.get("models", ["card", "dashboard"])
        found = [{"id": one["id"], "name": one["name"], "model": model, "archived": False}
                 for model, kind in (("card", self.cards), ("dashboard", self.dashboards)) if model in models
                 for one in kind.values() if one["collection_id"] == number and not one["archived"]]
        offset, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["50"])[0])
        return {"data": found[offset:offset + min(limit, 7)], "total": len(found)}  # several pages, however few cards

    def put_card(self, number, body, required=()):
        check_keys(body, CARD, required)
        refuse_unless(body.get("type") in (None, "question", "model", "metric"), "type: invalid")
        refuse_unless(body.get("display") is None or body["display"] in DISPLAYS, "display: nothing would be shown")
        if body.get("collection_id") is not None:
            self.known(self.collections, body["collection_id"])
        if body.get("dataset_query") is not None:
            body["dataset_query"] = self.checked_query(body["dataset_query"])
        if number is None:
            number = self.next_id()
            self.cards[number] = {"id": number, "collection_id": None, "description": None, "parameters": [], "archived": False,
                                  "entity_id": uuid.uuid4().hex[:21], "result_metadata": None, "can_write": True}
        card = self.known(self.cards, number)
        card.update({key: value for key, value in body.items() if key != "description" or value})
        return card

    def checked_query(self, query):
        check_keys(query, {"lib/type": TEXT, "database": INTEGER, "stages": LIST}, ("lib/type", "database", "stages"))
        refuse_unless(query["lib/type"] == "mbql/query" and len(query["stages"]) == 1, "dataset_query: expected one stage")
        self.known(self.databases, query["database"])
        stage = query["stages"][0]
        check_keys(stage, {"lib/type": TEXT, "native": TEXT, "template-tags": OBJECT}, ("lib/type", "native"))
        refuse_unless(stage["lib/type"] == "mbql.stage/native", "dataset_query: expected SQL")
        tags = stage.get("template-tags") or {}
        used = set(re.findall(r"\{\{\s*([^}\s]+)\s*\}\}", stage["native"]))
        refuse_unless(used == set(tags), f"template-tags {sorted(tags)}, but the SQL has {sorted(used)}")
        return {**query, "stages": [{**stage, "template-tags": [self.checked_tag(key, tag, query["database"]) for key, tag in tags.items()]}]}

    def checked_tag(self, key, tag, database):
        check_keys(tag, {"id": TEXT, "name": TEXT, "display-name": TEXT, "type": TEXT, "dimension": LIST, "widget-type": TEXT,
                         "default": object, "required": BOOLEAN}, ("id", "name", "display-name", "type"))
        refuse_unless(tag["name"] == key, "a template tag must be named as its key")
        try:
            uuid.UUID(tag["id"])
        except ValueError:
            raise Refused(400, "id of a template tag: expected a UUID") from None
        refuse_unless(tag["type"] in ("text", "number", "date", "boolean", "dimension"), "type of a template tag: invalid")
        if tag["type"] != "dimension":
            refuse_unless("dimension" not in tag and "widget-type" not in tag, "only a field filter has a dimension")
            return tag
        refuse_unless(tag.get("widget-type") in PARAMETER_TYPES, "widget-type: invalid")
        clause = tag.get("dimension")
        refuse_unless(isinstance(clause, list) and len(clause) == 3 and clause[0] == "field" and isinstance(clause[1], dict),
                      "dimension: must be the field options object")
        field = self.known(self.fields, clause[2])
        refuse_unless(field["database"] == database, "dimension: a column of another database")
        return {**tag, "dimension": ["field", {**clause[1], "lib/uuid": str(uuid.uuid4())}, clause[2]]}

    # Dashboards

    def add_dashboard(self, body):
        check_keys(body, DASHBOARD, ("name",))
        number = self.next_id()
        self.dashboards[number] = {"id": number, "collection_id": None, "description": None, "parameters": [], "archived": False,
                                   "width": "fixed", "tabs": [], **body}
        return self.dashboard(number)

    def dashboard(self, number):
        dashboard = self.known(self.dashboards, number)
        cards = [dashcard for dashcard in self.dashcards.values() if dashcard["dashboard_id"] == number]
        return {**dashboard, "dashcards": cards, "can_write": True, "last-edit-info": {}}

    def change_dashboard(self, number, body):
        dashboard = self.known(self.dashboards, number)
        check_keys(body, DASHBOARD_UPDATE)
        refuse_unless(body.get("width") in (None, "fixed", "full"), "width: invalid")
        parameters = {}
        for parameter in body.get("parameters", dashboard["parameters"]):
            parameters[self.checked_parameter(parameter)["id"]] = parameter
        if "dashcards" in body:
            self.check_dashcards(number, body["dashcards"], parameters)
            stored = {}
            for dashcard in body["dashcards"]:
                dashcard_id = dashcard["id"] if dashcard["id"] > 0 else self.next_id()
                stored[dashcard_id] = {"series": [], "dashboard_tab_id": None, "inline_parameters": [], **dashcard,
                                       "id": dashcard_id, "dashboard_id": number, "entity_id": uuid.uuid4().hex[:21]}
            self.dashcards = {key: one for key, one in self.dashcards.items() if one["dashboard_id"] != number} | stored
        dashboard.update({key: value for key, value in body.items() if key not in ("dashcards", "tabs")})
        return self.dashboard(number)

    def checked_parameter(self, parameter):
        refuse_unless(isinstance(parameter, dict), "parameters: parameter must be a map with :id and :type keys")
        refuse_unless(parameter.get("id") and parameter.get("name") and parameter.get("slug"), "parameters: id, name and slug are needed")
        refuse_unless(parameter.get("type") in PARAMETER_TYPES, f"parameters: valid parameter type, received: {parameter.get('type')}")
        source = parameter.get("values_source_type")
        refuse_unless(source in (None, "card", "static-list"), "parameters: values_source_type")
        if source == "card":
            config = parameter.get("values_source_config") or {}
            card = self.known(self.cards, config.get("card_id"))
            field = config.get("value_field")
            refuse_unless(isinstance(field, list) and field[0] == "field" and
                          re.search(rf"\b{field[1]}\b", card["dataset_query"]["stages"][0]["native"]),
                          "parameters: the card has no such column")
        return parameter

    def check_dashcards(self, number, dashcards, parameters):
        taken = set()
        for dashcard in dashcards:
            check_keys(dashcard, DASHCARD, ("id", "size_x", "size_y"))
            refuse_unless("card_id" in dashcard, "dashcards: card_id is needed, null of a virtual card")
            if dashcard["id"] > 0:
                refuse_unless(self.known(self.dashcards, dashcard["id"])["dashboard_id"] == number, "a dashcard of another dashboard")
            place = [dashcard.get(key) for key in ("col", "row", "size_x", "size_y")]
            refuse_unless(None not in place and min(place) >= 0 and min(place[2:]) > 0 and place[0] + place[2] <= 24,
                          f"dashcards: {place} is not on the grid of 24 columns")
            cells = {(x, y) for x in range(place[0], place[0] + place[2]) for y in range(place[1], place[1] + place[3])}
            refuse_unless(not cells & taken, f"dashcards: {place} covers another card")
            taken |= cells
            self.check_mappings(dashcard, parameters)

    def check_mappings(self, dashcard, parameters):
        if dashcard["card_id"] is None:
            refuse_unless("virtual_card" in dashcard.get("visualization_settings", {}), "dashcards: neither a card nor a virtual card")
            return
        card = self.known(self.cards, dashcard["card_id"])
        tags = {tag["name"]: tag for tag in card["dataset_query"]["stages"][0]["template-tags"]}
        for mapping in dashcard.get("parameter_mappings") or []:
            check_keys(mapping, {"parameter_id": TEXT, "card_id": INTEGER, "target": LIST}, ("parameter_id", "target"))
            refuse_unless(mapping["parameter_id"] in parameters, "parameter_mappings: there is no such parameter")
            kind, (word, name) = mapping["target"]
            refuse_unless(word == "template-tag" and name in tags, "parameter_mappings: the card has no such tag")
            wanted = "dimension" if tags[name]["type"] == "dimension" else "variable"
            refuse_unless(kind == wanted, f"parameter_mappings: a tag of type {tags[name]['type']} needs [\"{wanted}\", ...]")
            if wanted == "dimension":
                refuse_unless(parameters[mapping["parameter_id"]]["type"] == tags[name]["widget-type"],
                              "parameter_mappings: the filter's type is not that of the tag")


def routes(state):
    """method, pattern, whether anybody may, what it does with the numbers in the path, the body and the query"""
    return [
        ("GET", "/api/health", True, lambda ids, body, query: state.health()),
        ("GET", "/api/session/properties", True, lambda ids, body, query: state.properties()),
        ("POST", "/api/setup", True, lambda ids, body, query: state.setup(body)),
        ("POST", "/api/session", True, lambda ids, body, query: state.log_in(body)),
        ("GET", "/api/database", False, lambda ids, body, query: {"data": [state.shown_database(one) for one in state.databases.values()]}),
        ("POST", "/api/database", False, lambda ids, body, query: state.add_database(body)),
        ("GET", "/api/database/#", False, lambda ids, body, query: state.database(*ids)),
        ("PUT", "/api/database/#", False, lambda ids, body, query: state.change_database(*ids, body)),
        ("GET", "/api/database/#/metadata", False, lambda ids, body, query: state.metadata(*ids)),
        ("POST", "/api/database/#/sync_schema", False, lambda ids, body, query: state.sync(*ids)),
        ("PUT", "/api/field/#", False, lambda ids, body, query: state.change_field(*ids, body)),
        ("GET", "/api/collection", False, lambda ids, body, query: state.all_collections()),
        ("POST", "/api/collection", False, lambda ids, body, query: state.add_collection(body)),
        ("GET", "/api/collection/#/items", False, lambda ids, body, query: state.items(*ids, query)),
        ("POST", "/api/card", False, lambda ids, body, query: state.put_card(None, body, ("name", "dataset_query", "display", "visualization_settings"))),
        ("GET", "/api/card/#", False, lambda ids, body, query: state.known(state.cards, *ids)),
        ("PUT", "/api/card/#", False, lambda ids, body, query: state.put_card(*ids, body)),
        ("POST", "/api/dashboard", False, lambda ids, body, query: state.add_dashboard(body)),
        ("GET", "/api/dashboard/#", False, lambda ids, body, query: state.dashboard(*ids)),
        ("PUT", "/api/dashboard/#", False, lambda ids, body, query: state.change_dashboard(*ids, body)),
    ]


def handler(state, log):
    table = [(method, re.compile(pattern.replace("#", r"(\d+)")), is_open, action) for method, pattern, is_open, action in routes(state)]

    class Handler(BaseHTTPRequestHandler):
        def respond(self):
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            try:
                body = json.loads(self.rfile.read(length) or "null")
                status, answer = 200, self.act(address, body)
            except Refused as refusal:
                status, answer = refusal.status, {"message": str(refusal)}
            with open(log, "a", encoding="utf-8") as file:
                file.write(f"{self.command} {address.path} {status}\n")
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def act(self, address, body):
            for method, pattern, is_open, action in table:
                match = pattern.fullmatch(address.path)
                if match and method == self.command:
                    refuse_unless(is_open or self.headers.get("X-Metabase-Session") in state.sessions
                                  or self.headers.get("X-API-Key") == os.environ.get("STANDIN_API_KEY", state), "Unauthenticated", 401)
                    if self.command != "GET":
                        state.break_down()
                    return action([int(number) for number in match.groups()], body, parse_qs(address.query))
            raise Refused(404, "API endpoint does not exist.")

        do_GET = do_POST = do_PUT = respond

        def log_message(self, *arguments):
            pass
    return Handler


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(State(), sys.argv[2]))
    with open(sys.argv[1] + ".new", "w", encoding="utf-8") as file:
        file.write(str(server.server_port))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
