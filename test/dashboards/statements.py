#!/usr/bin/env python3
"""Prints every SQL statement of a dashboard as its tool would send it, once for each combination of filters given and not given.

    statements.py metabase REPRESENTATIONS    cards in the representation format
    statements.py grafana DASHBOARD.json...   dashboards, and alerts in YAML

Each is printed as "name US statement RS" (the ASCII control characters). What people choose stands in the environment: FROM_DAY,
TO_DAY, ASSIGNEE and TAG; for Metabase DAYS may hold another condition on the days.
"""

import glob
import itertools
import json
import os
import re
import sys

import yaml

FROM, TO = os.environ.get("FROM_DAY", "2025-05-05"), os.environ.get("TO_DAY", "2025-05-25")
CHOICES = {"assignee": os.environ.get("ASSIGNEE", "maya.lindqvist@payfern.example"), "tag": os.environ.get("TAG", "refund")}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def emit(name, sql):
    sys.stdout.write(f"{name}\x1f{sql}\x1e\n")


def combinations(filters):
    for given in itertools.product((True, False), repeat=len(filters)):
        yield {name for name, is_given in zip(filters, given) if is_given}


def metabase_value(tag):
    if tag["type"] != "dimension":
        return quoted(CHOICES[tag["name"]])
    column = ".".join(f'"{part}"' for part in tag["dimension"][2][1:])
    return os.environ.get("DAYS", f"{column} BETWEEN date '{FROM}' AND date '{TO}'").replace("COLUMN", column)


def metabase_sql(sql, tags, given):
    """Optional clauses go with the filters that are not given; a filter on a column that is not given is true."""
    values = {name: metabase_value(tag) if name in given else "1 = 1" for name, tag in tags.items()}

    def optional(match):
        names = re.findall(r"\{\{(\w+)\}\}", match[1])
        return match[1] if set(names) <= given else ""
    sql = re.sub(r"\[\[(.*?)\]\]", optional, sql, flags=re.DOTALL)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], sql)


def metabase(directory):
    for path in sorted(glob.glob(f"{directory}/collections/main/*/*.yaml")):
        with open(path, encoding="utf-8") as file:
            card = yaml.safe_load(file)
        if "dataset_query" not in card:
            continue
        stage = card["dataset_query"]["stages"][0]
        tags = {tag["name"]: tag for tag in stage["template-tags"]}
        for given in combinations(sorted(tags)):
            emit(f"{card['visualization_settings']['ttr.card']} [{' '.join(sorted(given))}]", metabase_sql(stage["native"], tags, given))


def grafana_sql(sql, given):
    for name, value in CHOICES.items():
        sql = sql.replace(f"${{{name}:sqlstring}}", quoted(value) if name in given else "NULL")
    instants = (quoted(f"{FROM}T00:00:00Z"), quoted(f"{TO}T23:59:59Z"))
    return re.sub(r"\$__timeFilter\(([^)]*)\)", lambda match: f"{match[1]} BETWEEN {instants[0]} AND {instants[1]}", sql)


def grafana(paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file) if path.endswith(".json") else yaml.safe_load(file)
        for variable in document.get("templating", {}).get("list", []):
            emit(f"variable {variable['name']}", variable["query"])
        for panel in document.get("panels", []):
            sql = panel["targets"][0]["rawSql"]
            for given in combinations([name for name in CHOICES if f"${{{name}:" in sql]):
                emit(f"panel {panel['id']} {panel['targets'][0]['format']} [{' '.join(sorted(given))}]", grafana_sql(sql, given))
        for group in document.get("groups", []):
            for rule in group["rules"]:
                emit(f"alert {rule['uid']}", rule["data"][0]["model"]["rawSql"])


if __name__ == "__main__":
    if sys.argv[1] == "metabase":
        metabase(sys.argv[2])
    else:
        grafana(sys.argv[2:])
