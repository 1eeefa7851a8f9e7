"""A real MLflow client that does what it is told, line by line.

    python mlflowClient.py TRACKING_URI

Each line of standard input is a JSON list, the name of one of the functions below and its arguments; each is answered by a line of
JSON: {"result": …} or {"error": "…"}.
"""

import json
import os
import sys
import time

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

from mlflow.entities import Metric, Param, RunTag  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402

answers = sys.stdout
sys.stdout = sys.stderr  # on a server, MLflow prints where to look at a run
uri = sys.argv[1]
client = MlflowClient(uri)


def experiment(name):
    return client.create_experiment(name)


def create(experiment_id, name, metrics=None, tags=None):
    run_id = client.create_run(experiment_id, run_name=name, tags=tags or {}).info.run_id
    for key, value in (metrics or {}).items():
        client.log_metric(run_id, key, value)
    return run_id


def create_many(experiment_id, prefix, count):
    return [create(experiment_id, f"{prefix} {i}", {"loss": i}) for i in range(count)]


def log(run_id, key, value, step=0, timestamp=None):
    client.log_metric(run_id, key, value, step=step, timestamp=timestamp)


def log_many(run_id, key, first, count, start):
    """Points of steps from `first` on, a millisecond each from `start` on."""
    points = [Metric(key, at / 10, start + at, at) for at in range(first, first + count)]
    for at in range(0, count, 1000):
        client.log_batch(run_id, metrics=points[at : at + 1000])


def param(run_id, key, value):
    client.log_param(run_id, key, value)


def tag(run_id, key, value):
    client.set_tag(run_id, key, value)


def untag(run_id, key):
    client.delete_tag(run_id, key)


def finish(run_id, status="FINISHED"):
    client.set_terminated(run_id, status)


def rename(run_id, name):
    client.update_run(run_id, name=name)


def delete(run_id):
    client.delete_run(run_id)


def restore(run_id):
    client.restore_run(run_id)


def seen_run(run_id):
    run = client.get_run(run_id)
    return {"name": run.info.run_name, "stage": run.info.lifecycle_stage, "status": run.info.status, "tags": run.data.tags}


def seen_experiment(experiment_id):
    found = client.get_experiment(experiment_id)
    return {"name": found.name, "stage": found.lifecycle_stage, "tags": found.tags, "location": found.artifact_location}


def seen_model(name):
    found = client.get_registered_model(name)
    versions = client.search_model_versions(f"name = '{name}'")
    return {
        "description": found.description,
        "tags": found.tags,
        "aliases": {alias: str(version) for alias, version in found.aliases.items()},
        "versions": {str(of.version): {"stage": of.current_stage, "description": of.description, "tags": of.tags, "source": of.source, "run": of.run_id} for of in versions},
    }


def artifact(run_id, path, text):
    """As a client without a server would log it."""
    client.log_text(run_id, text, path)


def gc(run_id):
    """As `mlflow gc` does it, which takes seconds to start."""
    from mlflow.tracking._tracking_service.utils import _get_store

    _get_store(uri)._hard_delete_run(run_id)


def busy(experiment_id, name, count):
    """Makes runs, logs to them, ends some, deletes some, as a training job would."""
    for i in range(count):
        run_id = client.create_run(experiment_id, run_name=f"{name}-{i}", tags={"writer": name}).info.run_id
        now = int(time.time() * 1000)
        points = [Metric("loss", 1 / (step + 1), now, step) for step in range(10)]
        client.log_batch(run_id, metrics=points, params=[Param("lr", "0.1")], tags=[RunTag("team", name)])
        if i % 3 == 0:
            client.set_terminated(run_id)
        if i % 5 == 4:
            client.delete_run(run_id)
    return count


for line in sys.stdin:
    name, *arguments = json.loads(line)
    try:
        answer = {"result": globals()[name](*arguments)}
    except Exception as error:  # noqa: BLE001
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True, file=answers)
