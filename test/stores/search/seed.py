"""Fills a fresh store with what search expressions can tell apart, by the real MLflow of the Python that runs it.

    python seed.py TRACKING_URI

prints {"experiments": [ids], "runs": [ids], "loggedModels": [ids]}. Ids are the same in every kind of store, and so are times but for
some milliseconds, so that one answer serves for all. Small, so that hundreds of searches are answered soon; odd values of each kind,
equal start times, runs that lack this or that.
"""

import itertools
import json
import math
import os
import random
import sys
import time
import uuid

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"



class Moment:
    """What the clock says and which ids come next: stores differ in how often they ask."""

    def __init__(self) -> None:
        self.number = 0
        self.next()

    def next(self) -> None:
        self.number += 1
        self.ticks = itertools.count(1_760_000_000_000 + self.number * 1000)
        self.random = random.Random(self.number)


moment = Moment()
uuid.uuid4 = lambda: uuid.UUID(int=moment.random.getrandbits(128), version=4)
time.time = lambda: next(moment.ticks) / 1000

import mlflow  # noqa: E402
import mlflow.store.tracking.file_store as file_store  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag  # noqa: E402

START = 1_750_000_000_000
random_pick = random.Random(11)
is_3 = not mlflow.__version__.startswith("2.")

RATES = ["0.1", "0.10", "1e-1", ".1", "0.01", "1", "10", "-2", " 5 ", "nan", "inf", "-Infinity", "fast", "0x10", "1,5", "9007199254740993"]
TEXTS = ["adam", "Adam", "ADAM", "sgd", "a%m", "a_am", "it's", 'say "hi"', "both ' and \"", "üni 🚀", "\U0001f680", "\uff5e", "two\nlines", "%", "_"]
NAN = math.nan if is_3 else 7.0  # which MLflow 2 finds as if it were 0
VALUES = [0.0, -0.0, 1.0, 0.5, 0.25, -1.5, 1e-3, 1e300, NAN, math.inf, -math.inf, 2.0, 3.0, 1e-320]
NAMES = ["baseline", "Baseline", "BASELINE", "run 1", "run 10", "run_2", "50%", "naïve", "🚀 launch", "~wave \uff5e", "it's", "a.b"]


experiment_numbers = itertools.count(1)
file_store._generate_unique_integer_id = lambda: next(experiment_numbers)  # as databases number them, and MLflow 1 did


def main(uri: str) -> None:
    client = MlflowClient(uri, uri)
    names = ["alpha", "Alpha", "beta 2", "gamma_3", "100% δ", "zeta"]
    experiments = [new(client.create_experiment, name) for name in names]
    for at, experiment in enumerate(experiments):
        if at % 3:
            new(client.set_experiment_tag, experiment, "team", TEXTS[at])
        new(client.set_experiment_tag, experiment, "odd key/x", str(at % 2))
    new(client.delete_experiment, experiments[5])
    runs = [run(client, experiments[at % 3], at) for at in range(100)]
    registry(client, runs)
    models = logged_models(client, experiments, runs) if is_3 else []
    print(json.dumps({"experiments": experiments[:3], "runs": runs, "loggedModels": models}))


def new(make, *arguments, **options):
    """Calls it at the next moment."""
    moment.next()
    return make(*arguments, **options)


def run(client: MlflowClient, experiment: str, at: int) -> str:
    pick = random_pick.choice
    start = START + at // 4 * 1000
    name = NAMES[at % len(NAMES)] + ("" if at % 5 else f" {at}")
    made = new(client.create_run, experiment, start_time=start, run_name=name, tags={"mlflow.user": pick(["ana", "bob"])})
    run_id = made.info.run_id
    metrics = [Metric(key, pick(VALUES), START + at, step) for key in ["loss", "accuracy", "val loss/top-1"] if random_pick.random() < 0.7 for step in range(1 + at % 2)]
    params = [Param("lr", pick(RATES))] if at % 6 else []
    params += [Param("layers", str(at % 12))] if at % 4 else []
    params += [Param("optimizer", pick(TEXTS))] if at % 3 else []
    params += [Param("a b/c.d-e", pick(TEXTS))] if at % 7 == 0 else []
    tags = [RunTag("parity", ["even", "odd"][at % 2])]
    tags += [RunTag("rare", str(at))] if at % 20 == 3 else []
    tags += [RunTag("note", pick(TEXTS))] if at % 3 else [RunTag("empty", "")]
    client.log_batch(run_id, metrics, params, tags)
    if at % 5 == 0:
        context = [[], [InputTag("mlflow.data.context", pick(["training", "Eval", "test"]))]][at % 2]
        inputs = [DatasetInput(dataset(pick(["train", "Train", "hold out"]), pick(["d1", "d2"])), context)]
        if at % 10 == 0:
            inputs.append(DatasetInput(dataset("second", "d3"), [InputTag("mlflow.data.context", "Eval")]))
        client.log_inputs(run_id, inputs)
    status = ["FINISHED", "FAILED", "RUNNING", "KILLED", "SCHEDULED", "FINISHED"][at % 6]
    if status not in ("RUNNING", "SCHEDULED"):
        client.set_terminated(run_id, status, end_time=start + at * 99_700 % 7_300_000)
    elif status == "SCHEDULED":
        client.update_run(run_id, status)
    if at % 17 == 16:
        client.delete_run(run_id)
    return run_id


def dataset(name: str, digest: str) -> Dataset:
    return Dataset(name, digest, "local", "{}")


def registry(client: MlflowClient, runs: list[str]) -> None:
    for at, name in enumerate(["pricing", "Pricing", "churn 2", "churn_3", "hundred δ", "empty"]):
        new(client.create_registered_model, name, tags={"team": TEXTS[at], **({"live": "yes"} if at % 2 else {})})
        if name == "empty":
            continue
        for number in range(1, 3 + at):
            source = f"models/{TEXTS[number % 5]}"
            new(client.create_model_version, name, source, runs[number] if number % 2 else None, tags={"number": str(number), **({"note": TEXTS[at]} if number % 3 else {})})
        stage = getattr(client, "transition_model_version_stage")
        new(stage, name, "1", "Production")
        new(stage, name, "2", "Staging")
        new(client.set_registered_model_alias, name, "champion", "2")
        new(client.set_registered_model_alias, name, f"alias-{at}", "1")
    new(client.delete_model_version, "hundred δ", "3")


def logged_models(client: MlflowClient, experiments: list[str], runs: list[str]) -> list[str]:
    ids = []
    for at in range(24):
        owner = runs[at // 2]
        model = new(
            client.create_logged_model,
            experiments[(at // 2) % 3],
            name=["tree", "Tree", "net_2", "net-2", "net 2"][at % 5],
            source_run_id=owner if at % 4 else None,
            model_type=[None, "classifier", "Regressor"][at % 3],
            tags={"which": TEXTS[at % len(TEXTS)]} if at % 3 else {},
            params={"depth": str(at % 4), "lr": RATES[at % len(RATES)]} if at % 2 else {},
        )
        ids.append(model.model_id)
        new(client.finalize_logged_model, model.model_id, ["READY", "FAILED"][at % 2])
        for step in range(at % 3):
            for place, (name, digest) in enumerate([("train", "d1"), ("train", "d2"), (None, None), ("train", "d2")][: 1 + at % 4]):
                logger = runs[36 + (at // 2) % 3 + 3 * place] if at % 7 == 2 else owner  # whose points may be equal in time and step
                later = 0 if at % 7 == 2 else place
                value = VALUES[(at * 5 + step * 3) % len(VALUES)]
                value = 7.0 if math.isnan(value) else value  # databases keep it as 0, folders as it is
                on = {"dataset_name": name, "dataset_digest": digest} if name else {}
                client.log_metric(logger, "score", value, timestamp=START + step * 10 + later, step=step, model_id=model.model_id, **on)
        if at % 5 == 1:
            client.log_metric(owner, "other key/x", at / 10, timestamp=START, step=0, model_id=model.model_id)
    new(client.delete_logged_model, ids[7])
    return ids


if __name__ == "__main__":
    main(sys.argv[1])
