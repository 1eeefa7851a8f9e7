"""Makes a small folder store with one of everything, by the MLflow of the Python that runs it, 2.x or 3.x.

    python folder_store.py FOLDER

FOLDER becomes what MLflow calls `mlruns`. Prints a JSON object of ids: {"mlflow": "2.22.5", "experiment": "…", "runs": {"run 0": "…"}}.
Experiments: `pricing` with five runs (the last one deleted), `trash` with one (both deleted), and MLflow's `Default`.
"""

import json
import math
import os
import sys
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"  # asked for by 3.13 and later

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag  # noqa: E402

START = 1_750_000_000_000


def main(folder: Path) -> None:
    client = MlflowClient(folder.as_uri())
    experiment = client.create_experiment("pricing", tags={"team/name": "ünïcode", "mlflow.note.content": "About **pricing**"})
    runs = {f"run {number}": make_run(client, experiment, number) for number in range(5)}
    client.delete_run(runs["run 4"])
    trash = client.create_experiment("trash")
    runs["in the trash"] = make_run(client, trash, 9)
    client.delete_experiment(trash)
    source = client.get_run(runs["run 0"]).info.artifact_uri
    client.create_registered_model("pricing model", tags={"a": "b"}, description="Prices\nthings")
    for _ in range(3):
        client.create_model_version("pricing model", source, runs["run 0"])
    client.transition_model_version_stage("pricing model", "1", "Production")
    client.set_registered_model_alias("pricing model", "champion", "2")
    if not mlflow.__version__.startswith("2."):
        model = client.create_logged_model(experiment, name="tree", source_run_id=runs["run 0"], params={"depth": "3"})
        client.finalize_logged_model(model.model_id, "READY")
    print(json.dumps({"mlflow": mlflow.__version__, "experiment": experiment, "runs": runs}))


def make_run(client: MlflowClient, experiment: str, number: int) -> str:
    run = client.create_run(experiment, start_time=START + number * 60_000, run_name=f"run {number}", tags={"mlflow.user": "ana"}).info.run_id
    points = [Metric("loss", 1 / (step + 1), START + step, step) for step in range(50)]
    points += [Metric("val/acc uracy", value, START, 0) for value in [math.nan, 0.5 + number / 10]]
    points += [Metric("endless", math.inf, START, 1), Metric("endless", -math.inf, START, 0)]
    params = [Param("lr", str(number / 10)), Param("text", "two\nlines, ünïcode 🚀"), Param("empty", "")]
    client.log_batch(run, points, params, [RunTag("a/b", "nested"), RunTag("kind", ["odd", "even"][number % 2])])
    client.log_inputs(run, [DatasetInput(Dataset("train", f"d{number}", "local", "{}"), [InputTag("mlflow.data.context", "training")])])
    client.log_text(run, "hello\n", "notes.txt")
    client.set_terminated(run, ["FINISHED", "FAILED"][number % 2], end_time=START + number * 60_000 + (number + 1) * 10_000)
    return run


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
