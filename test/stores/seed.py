"""Fills a fresh SQLite store with everything that is hard to show right.

    python seed.py FOLDER

makes FOLDER/mlflow.db and the artifacts below FOLDER/artifacts with the MLflow of the Python that runs it, 2.x or 3.x, and
prints a JSON object of the ids a test needs, such as {"experiments": {"bulk": "3"}, "runs": {"curves": "..."}}. The same MLflow
always makes the same data: ids come from a seeded generator and times from a clock that counts.

experiments  `Default`, `kinds` (what runs can hold), `nested`, `bulk` (1,500 runs; start times tie by three, every 41st run is
             deleted), `empty`, one whose name has HTML, an emoji and a newline, one of 10,000 characters, and `deleted`
runs         of `kinds`: `curves` `datasets` `artifacts` `odd` (names, keys, values), `long name`, `deleted`, `models` (3.x)
curves       of run `curves`: `loss` 30,000 points; `repeated` the same step many times, `odd` NaN, infinities, negative steps, time
             going backwards, `val loss/top-1` a key to quote, `once` a single point, `big` steps and values near the limits
models       `pricing` (12 versions; stages, aliases, tags, version 3 deleted), `empty model`, `<b>odd< 模型`, the prompt `greeting`
artifacts    of run `artifacts`; below `odd names` two, with a % and a #, that no MLflow server serves
logged       3.x only, of run `models`: `classifier` twice (the newer one counts), `forecaster` pending and without artifacts,
             `own`, a name that the run's own artifacts have too, `linked`, which is an output of run `models` only by its outputs,
             `orphan`, which is known only by its source run, and `deleted` (which must not show up)
"""

import itertools
import json
import math
import os
import random
import sqlite3
import sys
import time
import uuid
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

random_bits = random.Random(20).getrandbits
ticks = itertools.count(1_760_000_000_000)
uuid.uuid4 = lambda: uuid.UUID(int=random_bits(128), version=4)
time.time = lambda: next(ticks) / 1000

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag  # noqa: E402

START = 1_750_000_000_000
HTML = "<img src=x onerror=alert(1)> & \"quotes\" 'n' `ticks`"
is_3 = not mlflow.__version__.startswith("2.")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)  # MLflow puts the default experiment's artifacts below the working directory
    database = folder / "mlflow.db"
    client = MlflowClient(f"sqlite:///{database}")
    artifacts = folder / "artifacts"
    names = {
        "kinds": "kinds",
        "nested": "nested",
        "bulk": "bulk",
        "empty": "empty",
        "odd": f"{HTML} 🚀\nsecond line",
        "deleted": "deleted",
    }
    experiments = {
        short: client.create_experiment(name, artifact_location=(artifacts / short).as_uri(), tags={"mlflow.note.content": f"About **{short}**", "team": "ünïcode"})
        for short, name in names.items()
    }
    experiments["long"] = client.create_experiment("long", artifact_location=(artifacts / "long").as_uri())
    client.delete_experiment(experiments["deleted"])

    kinds = experiments["kinds"]
    runs = {
        "curves": curves(client, kinds),
        "datasets": datasets(client, kinds),
        "artifacts": files(client, kinds, artifacts / "kinds"),
        "odd": odd(client, kinds),
        "long": new_run(client, kinds, "long name"),
        "deleted": new_run(client, kinds, "deleted"),
        **nested(client, experiments["nested"]),
    }
    client.log_param(runs["deleted"], "kept", "yes")
    client.delete_run(runs["deleted"])
    models: dict[str, str] = {}
    if is_3:
        runs["models"], models = logged_models(client, kinds, runs["artifacts"], folder)
    registry(client, runs["artifacts"])
    in_bulk(database, experiments, runs)
    print(json.dumps({"mlflow": mlflow.__version__, "experiments": experiments, "runs": runs, "loggedModels": models}))


def new_run(client: MlflowClient, experiment: str, name: str, tags: dict[str, str] | None = None) -> str:
    return client.create_run(experiment, start_time=next(ticks), run_name=name, tags={"mlflow.user": "ana", **(tags or {})}).info.run_id


def curves(client: MlflowClient, experiment: str) -> str:
    run = new_run(client, experiment, "curves")
    points = [Metric("repeated", value, START + at, 5) for at, value in enumerate([0.5, 0.25, 0.75, 0.75])]
    # An equal step and time, where the greater value is the latest one.
    points += [Metric("repeated", 2.0, START + 9, 6), Metric("repeated", 3.0, START + 9, 6), Metric("repeated", -1.0, START + 9, 6)]
    odd_values = [1.0, math.nan, math.inf, -math.inf, 0.0, -0.0, 1e-320, 1.7976931348623157e308, -1.7976931348623157e308, math.nan]
    points += [Metric("odd", value, START - 1000 * at, at - 3) for at, value in enumerate(odd_values)]
    points += [Metric("val loss/top-1", 1 / (1 + at), START + at, at) for at in range(20)]
    points += [Metric("once", 0.1 + 0.2, START, 0)]
    points += [Metric("big", 123456789.123456789, START, 2**53), Metric("big", -1e300, START, -(2**53))]
    points += [Metric("diverged", math.nan, START, 1), Metric("endless", math.inf, START, 1), Metric("endless down", -math.inf, START, 1)]
    client.log_batch(run, metrics=points, params=[Param("lr", "0.1")])
    client.set_terminated(run, "FAILED", end_time=START + 10_000)
    return run


def datasets(client: MlflowClient, experiment: str) -> str:
    run = new_run(client, experiment, "datasets")
    schema = json.dumps({"mlflow_colspec": [{"type": "double", "name": "price <b>"}]})
    train = Dataset("train", "d1gest", "local", json.dumps({"uri": "data/train.csv"}), schema, json.dumps({"num_rows": 7}))
    bare = Dataset("bare", "0", "code", "{}")
    client.log_inputs(run, [
        DatasetInput(train, [InputTag("mlflow.data.context", "training"), InputTag("odd key.é", HTML)]),
        DatasetInput(bare, []),
    ])
    client.set_terminated(run, "FINISHED")
    return run


def files(client: MlflowClient, experiment: str, root: Path) -> str:
    run = new_run(client, experiment, "artifacts")
    client.log_text(run, "plain text ü\n", "notes.txt")
    client.log_text(run, "a,b\n1,2\n", "tables/deep/er/table.csv")
    client.log_text(run, "", "tables/empty.txt")
    client.log_dict(run, {"a": [1, None]}, "config.json")
    for name in ["with space.txt", "per%20cent.txt", "häß🚀.txt", "a&b=c;d+e.txt", "[x] #1.txt"]:
        client.log_text(run, name, f"odd names/{name}")
    client.log_text(run, "the run's own", "own/readme.md")
    client.log_text(run, "flavors: {}\nrun_id: x\n", "model/MLmodel")
    folder = root / run / "artifacts"
    (folder / "bytes.bin").write_bytes(bytes(range(256)) * 4096)
    (folder / "no files").mkdir()
    client.set_terminated(run, "FINISHED")
    return run


def odd(client: MlflowClient, experiment: str) -> str:
    run = new_run(client, experiment, f"{HTML} 🚀 مرحبا\nsecond line", {"mlflow.note.content": "# A note\n\n<script>alert(1)</script> **bold**"})
    for key in ["__proto__", "constructor", "toString", "a b/c.d-e", "mlflow.source.git.commit", "mlflow.source.name"]:
        client.set_tag(run, key, f"tag {key} {HTML}\n✓")
        client.log_param(run, key, f"param {key} {HTML}\n✓")
        client.log_metric(run, key, 1.5, timestamp=START, step=1)
    client.set_tag(run, "empty", "")
    client.set_tag(run, "long", "t" * 5000)
    client.log_param(run, "long", "p" * 6000)
    client.set_terminated(run, "KILLED")
    return run


def nested(client: MlflowClient, experiment: str) -> dict[str, str]:
    parent = new_run(client, experiment, "grid")
    runs = {"parent": parent}
    for at in range(3):
        child = new_run(client, experiment, f"child {at}", {"mlflow.parentRunId": parent})
        client.log_param(child, "depth", at)
        client.log_metric(child, "score", at / 10, timestamp=START + at, step=0)
        runs[f"child{at}"] = child
    runs["grandchild"] = new_run(client, experiment, "grandchild", {"mlflow.parentRunId": runs["child1"]})
    new_run(client, experiment, "parent is gone", {"mlflow.parentRunId": "0" * 32})
    new_run(client, experiment, "parent is elsewhere", {"mlflow.parentRunId": "not an id <b>"})
    client.set_terminated(runs["child0"], "FINISHED")
    return runs


def logged_models(client: MlflowClient, experiment: str, other_run: str, folder: Path) -> tuple[str, dict[str, str]]:
    from mlflow.entities import LoggedModelOutput, LoggedModelParameter

    run = new_run(client, experiment, "models")
    source = folder / "model source"
    (source / "data").mkdir(parents=True)
    (source / "MLmodel").write_text("flavors: {}\n")
    (source / "data" / "weights.bin").write_bytes(bytes(range(256)))
    ids: dict[str, str] = {}
    for short, name, of in [
        ("older", "classifier", run), ("newer", "classifier", run), ("forecaster", "forecaster", run), ("own", "own", run),
        ("linked", "linked", other_run), ("orphan", "orphan", run), ("deleted", "deleted", run),
    ]:  # fmt: skip
        model = client.create_logged_model(
            experiment, name=name, source_run_id=of, model_type="tree <b>", tags={"which": short},
            params={"depth": "3", "__proto__": "x"} if short == "newer" else {},
        )  # fmt: skip
        ids[short] = model.model_id
        if short == "forecaster":
            continue
        (source / "which.txt").write_text(short)
        client.log_model_artifacts(model.model_id, str(source))
        client.finalize_logged_model(model.model_id, "FAILED" if short == "own" else "READY")
    client.log_outputs(run, [LoggedModelOutput(ids[short], step) for step, short in enumerate(["older", "newer", "forecaster", "own", "linked", "deleted"])])
    client.log_metric(run, "accuracy", 0.75, timestamp=START, step=2, model_id=ids["newer"])
    client.log_metric(run, "diverged", math.nan, timestamp=START, step=0, model_id=ids["newer"])
    client.log_metric(run, "accuracy", math.inf, timestamp=START, step=3, model_id=ids["newer"])
    client.log_text(run, "the run's own", "own/readme.md")
    client.log_text(run, "beside", "beside.txt")
    client.delete_logged_model(ids["deleted"])
    client.set_terminated(run, "FINISHED")
    return run, ids


def registry(client: MlflowClient, run: str) -> None:
    source = f"{client.get_run(run).info.artifact_uri}/model"
    client.create_registered_model("pricing", tags={"team": "ünïcode", "__proto__": "x"}, description="Prices **everything**\n<b>")
    for version in range(1, 13):
        client.create_model_version("pricing", source, run, tags={"number": str(version)}, description=f"No {version} <b>" if version % 2 else None)
    for version, stage in [(4, "Production"), (5, "Staging"), (6, "Archived"), (7, "Archived"), (10, "Production")]:
        client.transition_model_version_stage("pricing", str(version), stage)
    for alias, version in [("champion", 10), ("challenger", 11), ("second", 10)]:
        client.set_registered_model_alias("pricing", alias, str(version))
    client.delete_model_version("pricing", "3")
    client.create_registered_model("empty model")
    client.create_registered_model("<b>odd< 模型")
    client.create_model_version("<b>odd< 模型", source, run)
    client.register_prompt("greeting", "Hello {{name}}")


def in_bulk(database: Path, experiments: dict[str, str], runs: dict[str, str]) -> None:
    """What the API would take minutes for, or lets nobody write any more though older stores have it."""
    connection = sqlite3.connect(database)
    with connection:
        points = [("loss", math.exp(-at / 9000) + (at % 7) / 100, START + at * 10, runs["curves"], at, 0) for at in range(30_000)]
        connection.executemany("INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)", points)
        connection.executemany("INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)", points[-1:])
        long = "ten thousand characters " * 417
        connection.execute("UPDATE runs SET name = ? WHERE run_uuid = ?", (long[:10_000], runs["long"]))
        connection.execute("UPDATE tags SET value = ? WHERE key = 'mlflow.runName' AND run_uuid = ?", (long[:10_000], runs["long"]))
        connection.execute("UPDATE experiments SET name = ? WHERE experiment_id = ?", (long[:10_000], experiments["long"]))
        connection.execute("INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)", ('<b>"k`e\'y"</b> 🚀\n', "any", runs["odd"]))
        connection.execute("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", ('<b>"k`e\'y"</b> 🚀\n', "any", runs["odd"]))
        bulk_runs(connection, int(experiments["bulk"]))


def bulk_runs(connection: sqlite3.Connection, experiment: int) -> None:
    (location,) = connection.execute("SELECT artifact_location FROM experiments WHERE experiment_id = ?", (experiment,)).fetchone()
    for at in range(1500):
        run = uuid.uuid4().hex
        start = START + at // 3 * 1000
        status = ["FINISHED", "FINISHED", "FAILED", "RUNNING", "KILLED", "SCHEDULED"][at % 6]
        connection.execute(
            "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, source_version,"
            " lifecycle_stage, artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', '', '', ?, ?, ?, ?, '', ?, ?, ?)",
            (run, f"bulk {at}", ["ana", "bob", ""][at % 3], status, start, None if status in ("RUNNING", "SCHEDULED") else start + at,
             "deleted" if at % 41 == 40 else "active", f"{location}/{run}/artifacts", experiment),
        )  # fmt: skip
        tags = {"mlflow.runName": f"bulk {at}", "mlflow.user": "ana", "parity": ["even", "odd"][at % 2], **({"rare": str(at)} if at % 500 == 3 else {})}
        params = {"lr": str(at % 10 / 10), "layers": str(at % 4), **({"optimizer": "adam"} if at % 3 else {})}
        metrics = {"loss": 1 / (at + 1)}
        if at % 7:
            metrics["accuracy"] = {0: math.nan, 1: math.inf, 2: -math.inf}.get(at % 50, at % 100 / 100)
        connection.executemany("INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)", [(key, value, run) for key, value in tags.items()])
        connection.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", [(key, value, run) for key, value in params.items()])
        for key, value in metrics.items():
            stored = 0 if math.isnan(value) else max(-sys.float_info.max, min(sys.float_info.max, value))
            row = (key, stored, start, run, at % 5, int(math.isnan(value)))
            for table in ["metrics", "latest_metrics"]:
                connection.execute(f"INSERT INTO {table} (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)", row)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
