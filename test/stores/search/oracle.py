"""What the real MLflow finds: reads a JSON list of searches and prints a list of what each gives, null where MLflow refuses, "fails"
where it fails at it otherwise.

    python oracle.py TRACKING_URI SEARCHES.json

A search is {"of": "runs" | "experiments" | "registeredModels" | "modelVersions" | "loggedModels", "filter": "…", "orderBy": […]}, of
runs and logged models also with "experimentIds", of the latter with "datasets" too. Ids as test/stores/search/searches.ts has them.
"""

import json
import os
import sys

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"  # servers answer some wrong searches with 500

from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import ViewType  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402

client = MlflowClient(sys.argv[1], sys.argv[1])


def found(search: dict) -> list[str]:
    query = {"filter_string": search["filter"], "order_by": search["orderBy"] or None, "max_results": 1000}
    match search["of"]:
        case "runs":
            query["max_results"] = search.get("maxResults", 1000)
            view = ViewType.from_string(search.get("view", "ACTIVE_ONLY").lower())
            runs = client.search_runs(search["experimentIds"], run_view_type=view, **query)
            return [run.info.run_id for run in runs]
        case "experiments":
            return [experiment.experiment_id for experiment in client.search_experiments(view_type=ViewType.ALL, **query)]
        case "registeredModels":
            return [model.name for model in client.search_registered_models(**query)]
        case "modelVersions":
            return [f"{version.name} {version.version}" for version in client.search_model_versions(**query)]
        case "loggedModels":
            models = client.search_logged_models(search["experimentIds"], datasets=search["datasets"] or None, **query)
            return [model.model_id for model in models]


def attempt(search: dict) -> list[str] | str | None:
    try:
        return found(search)
    except MlflowException as error:
        return None if error.error_code == "INVALID_PARAMETER_VALUE" else "fails"
    except Exception:
        return "fails"


with open(sys.argv[2], encoding="utf-8") as file:
    print(json.dumps([attempt(search) for search in json.load(file)]))
