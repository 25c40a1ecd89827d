#!/usr/bin/python3
"""The script that support teams run on an export today: the figures that ttr must agree with.

usage: pandas_script.py EXPORT.csv [REPORT.csv]

Prints the four figures as one JSON object; an empty population has null. The report has the rows that were counted.
"""
import json
import sys

import pandas as pd

if len(sys.argv) not in (2, 3):
    sys.exit("usage: pandas_script.py EXPORT.csv [REPORT.csv]")

# pandas 2 expects all times of a column in the form of the first one, and drops those in another.
each_in_its_form = {"format": "mixed"} if int(pd.__version__.split(".")[0]) >= 2 else {}

df = pd.read_csv(sys.argv[1], dtype={"conversation_id": str, "user_id": str})
df = df[df["state"] == "closed"].copy()
df["started_at"] = pd.to_datetime(df["started_at"], utc=True, errors="coerce", **each_in_its_form)
df["resolved_at"] = pd.to_datetime(df["resolved_at"], utc=True, errors="coerce", **each_in_its_form)
df["resolution_seconds"] = (df["resolved_at"] - df["started_at"]).dt.total_seconds()
df = df[df["resolution_seconds"] >= 0]  # a missing one is not >= 0 either

seconds = df["resolution_seconds"]
figures = {
    "total_closed": len(df),
    "median_hours": seconds.quantile(0.5) / 3600,
    "p95_hours": seconds.quantile(0.95) / 3600,
    "pct_within_24h": (seconds <= 86400).mean(),
}
print(json.dumps({key: None if pd.isna(value) else value for key, value in figures.items()}))

if len(sys.argv) == 3:
    columns = ["conversation_id", "user_id", "started_at", "resolved_at", "resolution_seconds", "assignee_email", "tags"]
    df[columns].to_csv(sys.argv[2], index=False)
