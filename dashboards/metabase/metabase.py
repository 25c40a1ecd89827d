"""Metabase's HTTP API: one place that knows how to ask, how to log in, and how to say what went wrong."""

import json
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 600  # the first start of a Metabase takes minutes, and so does the first sync
REQUEST_SECONDS = 60


class MetabaseError(Exception):
    """Metabase refused something, or did not answer; the message says what was asked."""


class Metabase:
    def __init__(self, url):
        self.url = url.rstrip("/")
        self.headers = {"Content-Type": "application/json"}

    def request(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, headers=self.headers,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as response:
                text = response.read().decode()
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise MetabaseError(f"{method} {path}: Metabase answered {error.code}: {text[:2000]}") from error
        except OSError as error:
            raise MetabaseError(f"{method} {path}: no answer from {self.url}: {error}") from error
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise MetabaseError(f"{method} {path}: not the answer of a Metabase: {text[:200]}") from error

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
                return self.get("/api/health").get("status") == "ok"
            except MetabaseError:
                return False
        if not wait_for(is_ready):
            raise MetabaseError(f"{self.url} has not become ready within {PATIENCE_SECONDS} seconds")

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
