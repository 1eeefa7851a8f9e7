"""Make the data and the MLflow store of this demo anew: data/, mlflow.db and mlruns/.

    pip install mlflow==3.17.2
    python demo/make.py

What is in them is the same after every making, for random numbers, ids and the clock are set; only
the files model.skops differ, as skops writes memory addresses into them. The store is made in a
folder for temporary files and then moved here, so the absolute paths in mlflow.db lead nowhere, as
they do in every store that was copied from another machine.
"""

import shutil
import sqlite3
import tempfile
from pathlib import Path

from maker import forecasting, pricing, recommending, registry
from maker.data import write_data
from maker.store import RunPlan, Store
from maker.world import repeatable_world

DEMO = Path(__file__).resolve().parent
BUILD = Path(tempfile.gettempdir(), "mlflow-lens-demo")
MADE = ("mlflow.db", "mlruns")
SMALL_PAGES = 512  # most of MLflow's tables stay empty, and an empty table takes a page


def main() -> None:
    """Make it all in the build folder, then take it over."""
    write_data(DEMO / "data")
    remove(BUILD)
    BUILD.mkdir()
    with repeatable_world(BUILD) as clock:
        fill(Store(clock))
        compact(BUILD / "mlflow.db")
    for name in MADE:
        remove(DEMO / name)
        shutil.move(BUILD / name, DEMO / name)
    remove(BUILD)


def fill(store: Store) -> None:
    """Write all experiments and models."""
    sandbox = store.add_experiment("old-sandbox", "2026-10-12 09:00", {"team": "pricing"})
    for name in ("hello", "hello-again"):
        store.add_run(sandbox, RunPlan(name, "mira", "2026-10-12 09:30", 3, source="hello.py"))

    experiments = {
        "dynamic-pricing": (pricing.EXPERIMENT_TAGS, pricing.pricing_runs(DEMO / "data/sales.csv")),
        "demand-forecast": (
            forecasting.EXPERIMENT_TAGS,
            forecasting.forecasting_runs(DEMO / "data/demand.csv"),
        ),
        "recommendations": (recommending.EXPERIMENT_TAGS, recommending.recommending_runs()),
    }
    for name, (tags, runs) in experiments.items():
        experiment_id = store.add_experiment(name, "2026-11-02 08:45", tags)
        for run in runs:
            store.add_run(experiment_id, run)
    registry.register(store)
    store.client.delete_experiment(sandbox)


def compact(database: Path) -> None:
    """Make the file as small as it can be; it has no journal beside it afterwards."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA page_size = {SMALL_PAGES}")
        connection.execute("VACUUM")
    connection.close()


def remove(path: Path) -> None:
    """Remove a file or folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
