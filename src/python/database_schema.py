"""Look at an MLflow database without changing it, or copy it whole. Prints one line of JSON.

    python database_schema.py revision DATABASE        {"revision": "dc11669786a5"}    null: no MLflow schema in it
    python database_schema.py backup DATABASE COPY     {"bytes": 659456}

The copy is made by SQLite itself, so it is whole even while somebody writes.
"""

import json
import os
import sqlite3
import sys
from pathlib import Path

BUSY_SECONDS = 10


def main(action, database, *rest):
    if action == "revision":
        print(json.dumps({"revision": revision(database)}))
    elif action == "backup":
        print(json.dumps({"bytes": backup(database, *rest)}))
    else:
        raise SystemExit("unknown action " + action)


def open_read_only(database):
    return sqlite3.connect(Path(database).resolve().as_uri() + "?mode=ro", uri=True, timeout=BUSY_SECONDS)


def revision(database):
    connection = open_read_only(database)
    try:
        known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
        if connection.execute(known).fetchone() is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None
    finally:
        connection.close()


def backup(database, copy):
    """Copy under a temporary name first, so that a half-made copy is never taken for a backup."""
    part = copy + ".part"
    source = open_read_only(database)
    try:
        target = sqlite3.connect(part)
        try:
            source.backup(target)
            whole = target.execute("PRAGMA quick_check").fetchone()[0]
        finally:
            target.close()
        if whole != "ok":
            raise SystemExit("the copy is damaged: " + whole)
        if os.path.exists(copy):
            raise SystemExit("there is already a file " + copy)
        os.rename(part, copy)
        return os.path.getsize(copy)
    finally:
        source.close()
        if os.path.exists(part):
            os.remove(part)


main(*sys.argv[1:])
