"""Fills a fresh file store with what seed.py has, as far as a file store can have it, and more that only files can have.

    python seed_files.py FOLDER

makes FOLDER/mlruns with the MLflow of the Python that runs it, 2.x or 3.x, and prints a JSON object of ids as seed.py does.

bulk         300 runs, written as MLflow writes them: start times tie by three, every 41st run is deleted
gone         an experiment in .trash with two runs, of which one was deleted before
names        of runs, that YAML must quote, escape or fold
"""

import json
import math
import os
import sys
import uuid
from pathlib import Path

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

import seed  # noqa: E402
from mlflow import MlflowClient, __version__, set_tracking_uri  # noqa: E402
from seed import START, is_3, new_run  # noqa: E402

if is_3:
    from mlflow.utils.yaml_utils import write_yaml
else:
    from mlflow.utils.file_utils import write_yaml

NAMES = [
    "123456789012345678", "1e5", "1.5", "0x1f", "0o7", "010", "1_000", "12:30:45", "2024-01-01", "2024-01-01 10:00:00", "true", "Yes",
    "off", "null", "~", "y", "N", ".inf", ".NaN", "-", "- a", "? a", ": a", "a: b", "a:", "a #b", "#a", "'", "''", '"', "it's", 'say "x"', "[a]", "{a}",
    "!tag", "&anchor", "*alias", "%x", "@x", "`x`", "|", ">", "=", "<<", " leading", "trailing ", "two  spaces", "tab\tin", "new\nline", "cr\rin",
    "back\\slash", "nul\x01", "\x7f", "\x85", "\xa0nbsp", "\ufeffbom", "\u2028ls", "🚀 rocket", "ünïcode", "模型", "مرحبا",
    "a long name that has to be folded over several lines since it is longer than eighty characters, which is where PyYAML folds " * 2,
    "it's a long name with quotes: " + "x' y " * 40, "x" * 300, "é" * 200, "a\\nb", "\\", "a,b", "a;b", "a=b", "a?", "1-a", "+1", "-1.5", "-.5", "1.", "1e+5", "1.e+5", "1.5e+5",
]  # fmt: skip


def main(folder: Path) -> None:
    root = folder / "mlruns"
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    set_tracking_uri(root.as_uri())
    client = MlflowClient(root.as_uri())
    artifacts = folder / "artifacts"
    names = {"kinds": "kinds", "nested": "nested", "bulk": "bulk", "empty": "empty", "names": "names", "odd": '<img src=x onerror=alert(1)> & "quotes" 🚀\nsecond line', "gone": "gone"}
    experiments = {
        short: client.create_experiment(name, artifact_location=(artifacts / short).as_uri(), tags={"mlflow.note.content": f"About **{short}**", "team": "ünïcode", "a/b": "c"})
        for short, name in names.items()
    }
    client.rename_experiment(experiments["empty"], "renamed")
    kinds = experiments["kinds"]
    runs = {
        "curves": seed.curves(client, kinds),
        "datasets": seed.datasets(client, kinds),
        "artifacts": seed.files(client, kinds, artifacts / "kinds"),
        "odd": seed.odd(client, kinds),
        "deleted": new_run(client, kinds, "deleted"),
        **seed.nested(client, experiments["nested"]),
    }
    client.log_param(runs["deleted"], "kept", "yes")
    client.delete_run(runs["deleted"])
    with open(root / kinds / runs["curves"] / "metrics" / "loss", "w") as file:
        file.writelines(f"{START + at * 10} {math.exp(-at / 9000) + (at % 7) / 100} {at}\n" for at in range(30_000))
    models: dict[str, str] = {}
    if is_3:
        runs["models"], models = seed.logged_models(client, kinds, runs["artifacts"], folder)
    seed.registry(client, runs["artifacts"])
    for at, name in enumerate(NAMES):
        run = new_run(client, experiments["names"], name)
        client.log_param(run, "at", at)
    for short in ["first", "second"]:
        runs[f"gone {short}"] = new_run(client, experiments["gone"], short)
    client.delete_run(runs["gone first"])
    client.delete_experiment(experiments["gone"])
    bulk(root, artifacts, experiments["bulk"])
    print(json.dumps({"mlflow": __version__, "experiments": experiments, "runs": runs, "loggedModels": models}))


def bulk(root: Path, artifacts: Path, experiment: str) -> None:
    for at in range(300):
        run = uuid.uuid4().hex
        start = START + at // 3 * 1000
        status = [3, 3, 4, 1, 5, 2][at % 6]
        folder = root / experiment / run
        for name in ["metrics", "params", "tags", "artifacts"]:
            (folder / name).mkdir(parents=True)
        write_yaml(folder, "meta.yaml", {
            "artifact_uri": f"{(artifacts / 'bulk' / run).as_uri()}/artifacts", "deleted_time": None, "end_time": None if status < 3 else start + at,
            "entry_point_name": "", "experiment_id": experiment, "lifecycle_stage": "deleted" if at % 41 == 40 else "active", "run_id": run,
            "run_name": f"bulk {at}", "run_uuid": run, "source_name": "", "source_type": 4, "source_version": "", "start_time": start,
            "status": status, "tags": [], "user_id": ["ana", "bob", ""][at % 3],
        })  # fmt: skip
        tags = {"mlflow.runName": f"bulk {at}", "mlflow.user": "ana", "parity": ["even", "odd"][at % 2], **({"rare": str(at)} if at % 100 == 3 else {})}
        params = {"lr": str(at % 10 / 10), "layers": str(at % 4), **({"optimizer": "adam"} if at % 3 else {})}
        metrics = {"loss": 1 / (at + 1)}
        if at % 7:
            metrics["accuracy"] = {0: math.nan, 1: math.inf, 2: -math.inf}.get(at % 50, at % 100 / 100)
        for kind, values in [("tags", tags), ("params", params)]:
            for key, value in values.items():
                (folder / kind / key).write_text(value)
        for key, value in metrics.items():
            (folder / "metrics" / key).write_text(f"{start} {value} {at % 5}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
