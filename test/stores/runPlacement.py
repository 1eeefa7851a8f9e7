"""Fills a fresh store with nested runs of every kind; prints {"experiment": id, "runs": {name: id}} of its active runs.

    python runPlacement.py DATABASE CHILDREN
"""

import json
import sys

from mlflow import MlflowClient

client = MlflowClient(f"sqlite:///{sys.argv[1]}")
experiment = client.create_experiment("nested")
elsewhere = client.create_experiment("elsewhere")
runs: dict[str, str] = {}


def run(name: str, parent: str | None = None, experiment_id: str = experiment) -> str:
    tags = {} if parent is None else {"mlflow.parentRunId": parent}
    created = client.create_run(experiment_id, start_time=1_000 * (len(runs) + 1), tags=tags, run_name=name)
    runs[name] = created.info.run_id
    return runs[name]


run("old")
parent = run("parent")
for i in range(int(sys.argv[2])):
    run(f"child {i}", parent)
run("grandchild", runs["child 0"])
run("of a deleted parent", run("deleted"))
run("of a parent elsewhere", run("elsewhere", experiment_id=elsewhere))
run("of nobody", "it's no id")
run("of itself")
client.set_tag(runs["of itself"], "mlflow.parentRunId", runs["of itself"])
run("ring 1")
run("ring 2", runs["ring 1"])
client.set_tag(runs["ring 1"], "mlflow.parentRunId", runs["ring 2"])
run("below the ring", runs["ring 1"])
run("new")
client.delete_run(runs.pop("deleted"))
del runs["elsewhere"]
print(json.dumps({"experiment": experiment, "runs": runs}))
