"""What the real MLflow finds: reads a JSON list of searches and prints a list of what each gives, null where MLflow refuses.

    python sqliteSearch.py DATABASE SEARCHES.json

A search is {"of": "runs" | "experiments" | "registeredModels" | "modelVersions", "filter": "…", "orderBy": ["…"]}, for runs also
with "experimentIds". At most 60 results of each.
"""

import json
import sys

from mlflow import MlflowClient
from mlflow.entities import ViewType

client = MlflowClient(f"sqlite:///{sys.argv[1]}")


def found(search: dict) -> list[str]:
    query = {"filter_string": search["filter"], "order_by": search["orderBy"], "max_results": 60}
    match search["of"]:
        case "runs":
            runs = client.search_runs(search["experimentIds"], run_view_type=ViewType.ACTIVE_ONLY, **query)
            return [run.info.run_id for run in runs]
        case "experiments":
            return [experiment.experiment_id for experiment in client.search_experiments(view_type=ViewType.ALL, **query)]
        case "registeredModels":
            return [model.name for model in client.search_registered_models(**query)]
        case "modelVersions":
            return [f"{version.name} {version.version}" for version in client.search_model_versions(**query)]


def attempt(search: dict) -> list[str] | None:
    try:
        return found(search)
    except Exception:
        return None


with open(sys.argv[2], encoding="utf-8") as file:
    print(json.dumps([attempt(search) for search in json.load(file)]))
