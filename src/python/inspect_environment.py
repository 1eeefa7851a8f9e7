"""Print, as one line of JSON, which MLflow this interpreter has and which database schema that MLflow makes.

Nothing of MLflow is imported: its files are only read, so this takes milliseconds and runs none of its code.

    {"executable": "/…/bin/python", "python": "3.11.2", "mlflow": "3.17.2", "revisions": ["…"], "head": "dc11669786a5"}

`mlflow` is null where it is not installed; `revisions` are all alembic revisions that it knows.
"""

import ast
import importlib.util
import json
import sys
from importlib import metadata
from pathlib import Path


def main():
    revisions, head = schema_revisions()
    environment = {
        "executable": sys.executable,
        "python": ".".join(map(str, sys.version_info[:3])),
        "mlflow": mlflow_version(),
        "revisions": revisions,
        "head": head,
    }
    print(json.dumps(environment))


def mlflow_version():
    """Version of the installed MLflow, or None."""
    if importlib.util.find_spec("mlflow") is None:
        return None
    for distribution in ("mlflow", "mlflow-skinny"):
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return None


def schema_revisions():
    """All revisions of the database schema, and the newest: the one that no other is built on."""
    spec = importlib.util.find_spec("mlflow")
    places = list(spec.submodule_search_locations or []) if spec else []
    built_on = {}
    for place in places:
        for file in sorted(Path(place, "store", "db_migrations", "versions").glob("*.py")):
            assigned = assigned_literals(file)
            if isinstance(assigned.get("revision"), str):
                built_on[assigned["revision"]] = assigned.get("down_revision")
    bases = set()
    for base in built_on.values():
        bases.update(base if isinstance(base, (list, tuple)) else [base])
    heads = sorted(set(built_on) - bases)
    return sorted(built_on), heads[0] if len(heads) == 1 else None


def assigned_literals(file):
    """Names that a module assigns constants to, with the constants."""
    literals = {}
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(statement, (ast.Assign, ast.AnnAssign)):
                try:
                    literals[target.id] = ast.literal_eval(statement.value)
                except (ValueError, TypeError):
                    continue  # not a constant
    return literals


main()
