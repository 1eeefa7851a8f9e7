"""Makes a store for the benchmarks: schema by MLflow itself, rows in bulk.

RUNS runs in experiment "runs", each with some metrics, parameters and tags; with --histories, as many runs with one metric "loss" of
--points points each in experiment "histories".
"""

import argparse
import math
import random
import sqlite3
from pathlib import Path

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

START = 1_760_000_000_000  # ms since the epoch
AT_ONCE = 10_000  # runs in memory
RUN_COLUMNS = ("run_uuid,name,source_type,source_name,entry_point_name,user_id,status,start_time,end_time,source_version,"
               "lifecycle_stage,artifact_uri,experiment_id")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("runs", type=int)
    parser.add_argument("--metrics", type=int, default=10)
    parser.add_argument("--params", type=int, default=10)
    parser.add_argument("--tags", type=int, default=4)
    parser.add_argument("--histories", type=int, default=0)
    parser.add_argument("--points", type=int, default=0)
    return parser.parse_args()


def run_row(run_id: str, name: str, experiment_id: str, start: int) -> tuple:
    return (run_id, name, "LOCAL", "train.py", "", "bench", "FINISHED", start, start + 60_000, "", "active",
            f"/nowhere/{experiment_id}/{run_id}/artifacts", experiment_id)


def tag_rows(run_id: str, name: str, index: int, count: int = 4) -> list[tuple]:
    return [("mlflow.runName", name, run_id), ("team", f"team {index % 7}", run_id),
            ("mlflow.user", "bench", run_id), ("mlflow.source.name", "train.py", run_id)][:count]


def insert(database: sqlite3.Connection, table: str, columns: str, rows) -> None:
    places = ",".join("?" * len(columns.split(",")))
    database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def add_runs(database: sqlite3.Connection, experiment_id: str, options: argparse.Namespace) -> None:
    rng = random.Random(7)
    for first in range(0, options.runs, AT_ONCE):
        runs, metrics, params, tags = [], [], [], []
        for index in range(first, min(first + AT_ONCE, options.runs)):
            run_id, name, start = f"{rng.getrandbits(128):032x}", f"run-{index}", START + index * 1000
            runs.append(run_row(run_id, name, experiment_id, start))
            metrics += [(f"metric_{i}", rng.random(), start, 9, 0, run_id) for i in range(options.metrics)]
            params += [(f"param_{i}", f"{rng.choice([0.001, 0.01, 0.1, 1])}", run_id) for i in range(options.params)]
            tags += tag_rows(run_id, name, index, options.tags)
        insert(database, "runs", RUN_COLUMNS, runs)
        insert(database, "latest_metrics", "key,value,timestamp,step,is_nan,run_uuid", metrics)
        insert(database, "metrics", "key,value,timestamp,step,is_nan,run_uuid", metrics)
        insert(database, "params", "key,value,run_uuid", params)
        insert(database, "tags", "key,value,run_uuid", tags)


def add_histories(database: sqlite3.Connection, experiment_id: str, count: int, points: int) -> None:
    rng = random.Random(11)
    for index in range(count):
        run_id, name = f"{rng.getrandbits(128):032x}", f"history-{index}"
        insert(database, "runs", RUN_COLUMNS, [run_row(run_id, name, experiment_id, START + index)])
        insert(database, "tags", "key,value,run_uuid", tag_rows(run_id, name, index))
        rows = [("loss", math.exp(-step / points * 4) + 0.05 * rng.random(), START + step * 10, step, 0, run_id)
                for step in range(points)]
        insert(database, "metrics", "key,value,timestamp,step,is_nan,run_uuid", rows)
        insert(database, "latest_metrics", "key,value,timestamp,step,is_nan,run_uuid", rows[-1:])


def main() -> None:
    options = arguments()
    store = SqlAlchemyStore(f"sqlite:///{options.database}", str(Path(options.database).parent / "artifacts"))
    ids = [store.create_experiment(name) for name in ("runs", "histories")]
    store.engine.dispose()
    with sqlite3.connect(options.database) as database:
        add_runs(database, ids[0], options)
        add_histories(database, ids[1], options.histories, options.points)


if __name__ == "__main__":
    main()
