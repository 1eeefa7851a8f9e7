"""Prints what MLflow itself answers about a store, as JSON in the words of src/shared/model.ts.

    python answers.py URI

{"experiments": […], "runs": {experiment: […]}, "histories": {run: {key: [[step, value, timestamp], …]}}, "models": […],
"versions": […], "loggedModels": […]}; values that JSON has no word for are strings, such as "nan". Deleted ones are there too.
"""

import json
import math
import os
import sys

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

from mlflow import MlflowClient, __version__, set_tracking_uri  # noqa: E402
from mlflow.entities import ViewType  # noqa: E402

uri = sys.argv[1]
set_tracking_uri(uri)
client = MlflowClient(uri)


def number(value):
    """As text where it isn't finite."""
    return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def pages(search):
    found = search(None)
    yield from found
    while found.token:
        found = search(found.token)
        yield from found


def run_of(run):
    info = run.info
    return {
        "info": {
            "runId": info.run_id, "experimentId": info.experiment_id, "runName": info.run_name or "", "userId": info.user_id or "",
            "status": info.status, "startTime": info.start_time, "endTime": info.end_time or None, "artifactUri": info.artifact_uri,
            "lifecycleStage": info.lifecycle_stage,
        },
        "metrics": {metric.key: {"value": number(metric.value), "step": metric.step, "timestamp": metric.timestamp} for metric in run.data._metric_objs},
        "params": run.data.params,
        "tags": run.data.tags,
        "datasets": [
            {
                "dataset": {"name": of.dataset.name, "digest": of.dataset.digest, "sourceType": of.dataset.source_type, "source": of.dataset.source,
                            "schema": of.dataset.schema or None, "profile": of.dataset.profile or None},
                "tags": {tag.key: tag.value for tag in of.tags},
            }
            for of in (run.inputs.dataset_inputs if run.inputs else [])
        ],
        "modelOutputs": [{"modelId": of.model_id, "step": of.step} for of in (run.outputs.model_outputs if getattr(run, "outputs", None) else [])],
    }  # fmt: skip


def version_of(version):
    return {
        "name": version.name, "version": str(version.version), "creationTime": version.creation_timestamp, "lastUpdatedTime": version.last_updated_timestamp,
        "description": version.description or "", "userId": version.user_id or "", "currentStage": version.current_stage, "source": version.source,
        "runId": version.run_id or "", "status": version.status, "statusMessage": version.status_message or "", "tags": version.tags,
    }  # fmt: skip


experiments = list(pages(lambda token: client.search_experiments(view_type=ViewType.ALL, page_token=token)))
runs = {}
histories = {}
for experiment in experiments:
    found = list(pages(lambda token: client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL, page_token=token)))
    runs[experiment.experiment_id] = [run_of(run) for run in found]
    for run in found[:10]:
        histories[run.info.run_id] = {
            key: [[point.step, number(point.value), point.timestamp] for point in client.get_metric_history(run.info.run_id, key)] for key in run.data.metrics
        }
models = list(pages(lambda token: client.search_registered_models(page_token=token)))
print(json.dumps({
    "mlflow": __version__,
    "experiments": [
        {"experimentId": of.experiment_id, "name": of.name, "artifactLocation": of.artifact_location, "lifecycleStage": of.lifecycle_stage,
         "creationTime": of.creation_time, "lastUpdateTime": of.last_update_time, "tags": of.tags}
        for of in experiments
    ],
    "runs": runs,
    "histories": histories,
    "models": [
        {"name": of.name, "creationTime": of.creation_timestamp, "lastUpdatedTime": of.last_updated_timestamp, "description": of.description or "",
         "tags": of.tags, "aliases": {alias: str(version) for alias, version in of.aliases.items()},
         "latestVersions": sorted((version_of(version) for version in of.latest_versions), key=lambda version: -int(version["version"]))}
        for of in models
    ],
    "versions": [version_of(version) for version in pages(lambda token: client.search_model_versions(page_token=token))],
    "loggedModels": [] if __version__.startswith("2.") else [
        {"modelId": of.model_id, "experimentId": of.experiment_id, "name": of.name, "artifactUri": of.artifact_location, "creationTime": of.creation_timestamp,
         "lastUpdatedTime": of.last_updated_timestamp, "status": {"FAILED": "UPLOAD_FAILED"}.get(str(of.status), str(of.status)), "modelType": of.model_type or "", "sourceRunId": of.source_run_id or "",
         "tags": of.tags, "params": of.params or {},
         "metrics": [{"key": metric.key, "value": number(metric.value), "step": metric.step, "timestamp": metric.timestamp} for metric in of.metrics or []]}
        for of in pages(lambda token: client.search_logged_models([of.experiment_id for of in experiments], page_token=token))
    ],
}))  # fmt: skip
