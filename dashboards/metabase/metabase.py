"""Metabase's HTTP API: one place that knows how to ask, how to log in, and how to say what went wrong."""

import http.client
import json
import re
import sys
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 600  # the first start of a Metabase takes minutes, and so does the first sync
REQUEST_SECONDS = 60
OLDEST_VERSION = 58


class MetabaseError(Exception):
    """Metabase refused something, or did not answer; the message says what was asked."""

    def __init__(self, message, is_passing=False):
        super().__init__(message)
        self.is_passing = is_passing  # one that is starting answers so


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is posted to one address would be fetched from another: to be told is better."""

    def redirect_request(self, *arguments):
        return None


class Metabase:
    def __init__(self, url):
        self.url = url.rstrip("/")
        self.headers = {"Content-Type": "application/json"}
        self.opener = urllib.request.build_opener(NoRedirect)

    def request(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, headers=self.headers,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with self.opener.open(request, timeout=REQUEST_SECONDS) as response:
                text = response.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            raise self.refusal(f"{method} {path}", error) from error
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise MetabaseError(f"{method} {path}: no answer from {self.url}: {reason}", is_passing=True) from error
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise self.stranger(f"{method} {path}", text) from error

    def refusal(self, asked, error):
        if 300 <= error.code < 400:
            return MetabaseError(f"{asked}: {self.url} redirects to {error.headers.get('Location')}: "
                                 "set METABASE_URL to where Metabase itself answers")
        text = error.read().decode(errors="replace")[:2000]
        hint = ""
        if error.code == 403:
            hint = ": it takes an administrator, or the API key of one"
        elif error.code == 404 and asked.endswith("/api/health"):
            hint = f": is METABASE_URL {self.url} its address?"
        return MetabaseError(f"{asked}: Metabase answered {error.code}: {text}{hint}", is_passing=error.code >= 500)

    def stranger(self, asked, text):
        return MetabaseError(f"{asked}: not the answer of a Metabase: {text[:200]!r}: is METABASE_URL {self.url} its address?")

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body=None):
        return self.request("POST", path, body)

    def put(self, path, body):
        return self.request("PUT", path, body)

    def items(self, path):
        """All of a list that is given a page at a time."""
        found = []
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=100&offset={len(found)}")
            found += page["data"]
            if not page["data"] or len(found) >= page["total"]:
                return found

    def wait_until_ready(self):
        def is_ready():
            try:
                health = self.get("/api/health")
            except MetabaseError as error:
                if not error.is_passing:
                    raise
                reasons.append(str(error))
            else:
                if not (isinstance(health, dict) and "status" in health):
                    raise self.stranger("GET /api/health", json.dumps(health))
                if health["status"] == "ok":
                    return True
                reasons.append(f"GET /api/health: {health['status']}")
            if len(reasons) == 1:
                print(f"provision: waiting for Metabase: {reasons[0]}", file=sys.stderr, flush=True)
            return False
        reasons = []
        if not wait_for(is_ready):
            raise MetabaseError(f"{self.url} has not become ready within {PATIENCE_SECONDS} seconds: {reasons[-1]}")

    def check_version(self):
        """Older ones take other queries, and a refusal of the first card would say too little."""
        tag = (self.get("/api/session/properties").get("version") or {}).get("tag")
        release = re.match(r"v[01][.](\d+)", tag or "")
        if release and int(release[1]) < OLDEST_VERSION:
            raise MetabaseError(f"{self.url} is Metabase {tag}: the dashboard needs version {OLDEST_VERSION} or later")

    def log_in(self, api_key, email, password):
        """With an API key; else as a person. A Metabase that nobody has set up yet gets that person as its first administrator."""
        if api_key:
            self.headers["X-API-Key"] = api_key
            return
        if not (email and password):
            raise MetabaseError("nobody to log in as: set METABASE_API_KEY, or METABASE_EMAIL and METABASE_PASSWORD")
        token = self.get("/api/session/properties").get("setup-token")
        if token:
            session = self.post("/api/setup", {
                "token": token,
                "user": {"email": email, "password": password, "first_name": "Support", "last_name": "Administrator"},
                "prefs": {"site_name": "Support", "site_locale": "en"},
            })
        else:
            session = self.post("/api/session", {"username": email, "password": password})
        self.headers["X-Metabase-Session"] = session["id"]


def wait_for(condition):
    """Whether the condition came true while there was patience."""
    pause, deadline = 0.2, time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(5, pause * 1.5)
    return True
