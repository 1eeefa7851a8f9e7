"""The experiment dynamic-pricing: train.py at work for three weeks, with its mishaps.

The curves are real: each trial below is a command line of train.py that is trained here.
"""

import json
import math
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

import train
from maker import plots
from maker.store import ModelPlan, Point, RunPlan, constant_pace, final
from maker.world import moment

EXPERIMENT_TAGS = {
    "mlflow.note.content": """\
Elasticity model behind the **weekly price list** of the coffee shop.

| metric | wish |
|---|---|
| `val/loss` | low; 0.016 is very good |
| `revenue_lift` | high; the price list needs 6 % |

The loss of the newest 26 weeks rises again when a run is too long: compare *best*, not *last*.
""",
    "mlflow.experiment.primaryMetric.name": "val/loss",
    "mlflow.experiment.primaryMetric.greaterIsBetter": "false",
    "team": "pricing",
}

SECONDS_PER_EPOCH = 1.3
SECONDS_TO_SAVE = 9


def stop_after(epochs: int, status: str) -> Callable[[RunPlan], RunPlan]:
    """End a run before it has seen all its epochs."""

    def stop(plan: RunPlan) -> RunPlan:
        curves = {
            key: [p for p in points if p.step < epochs] for key, points in plan.curves.items()
        }
        return replace(plan, status=status, curves=curves, seconds=last_second(curves))

    return stop


def diverge(plan: RunPlan) -> RunPlan:
    """Fail at epoch 34, when the weights overflow."""
    plan = stop_after(34, "FAILED")(plan)
    losses = list(plan.curves["train/loss"])
    for value in (math.inf, math.nan, -math.inf, math.nan, math.nan):
        losses.append(Point(losses[-1].step + 1, value, losses[-1].seconds + SECONDS_PER_EPOCH))
    curves = {**plan.curves, "train/loss": losses}
    return replace(plan, curves=curves, seconds=last_second(curves))


def add_spikes(plan: RunPlan) -> RunPlan:
    """Let a few epochs meet weeks with broken prices."""
    heights = {57: 14.0, 58: 5.0, 143: 31.0, 211: 22.0}
    losses = [replace(p, value=p.value * heights.get(p.step, 1)) for p in plan.curves["train/loss"]]
    return replace(plan, curves={**plan.curves, "train/loss": losses})


def resume(plan: RunPlan) -> RunPlan:
    """Break down at epoch 180, and go on an hour later from the checkpoint of epoch 150."""
    broken, checkpoint, pause = 180, 150, 3600
    late = pause + (broken - checkpoint) * SECONDS_PER_EPOCH

    def twice(points: Sequence[Point]) -> list[Point]:
        before = [p for p in points if p.step < broken]
        after = [
            Point(p.step, p.value * (0.97 if p.step < broken else 1), p.seconds + late)
            for p in points
            if p.step >= checkpoint
        ]
        return before + after

    curves = {key: twice(points) for key, points in plan.curves.items()}
    return replace(plan, curves=curves, seconds=plan.seconds + late)


def watch_system(plan: RunPlan) -> RunPlan:
    """Add the system metrics that MLflow samples by itself if it is asked to."""
    rng = np.random.default_rng(int(plan.seconds))
    pace = plan.seconds / 15
    busy = np.clip(rng.normal(72, 9, 15), 0, 100).round(1)
    memory = (2300 + 40 * np.arange(15) + rng.normal(0, 25, 15)).round(1)
    system = {
        "system/cpu_utilization_percentage": constant_pace(busy, pace),
        "system/system_memory_usage_megabytes": constant_pace(memory, pace),
    }
    return replace(plan, curves={**plan.curves, **system})


@dataclass(frozen=True)
class Trial:
    """A call of train.py, and what became of it."""

    name: str | None
    user: str
    start: str
    options: str
    note: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    commit: str = "Weekly refit"
    branch: str = "main"
    lacks: tuple[str, ...] = ()  # features that the script did not have yet
    twists: Sequence[Callable[[RunPlan], RunPlan]] = ()
    keeps_files: bool = False
    keeps_model: bool = False
    deleted: bool = False


LONG = "--epochs 300 --validate-every 20"

TRIALS = [
    Trial(
        "baseline",
        "mira",
        "2026-11-02 09:12",
        "--learning-rate 0.0005 --epochs 15",
        lacks=("rival", "winter"),
        note="The first version of the script. Steps **far too small** for 15 epochs.",
        commit="Add the elasticity model",
    ),
    Trial(
        "first-elasticities",
        "mira",
        "2026-11-02 10:40",
        "--learning-rate 0.004 --epochs 15",
        lacks=("rival", "winter"),
        commit="Add the elasticity model",
        tags={"team": "pricing", "stage": "prototype"},
        keeps_model=True,
        keeps_files=True,
    ),
    Trial(
        "typo-in-price-column",
        "mira",
        "2026-11-02 13:05",
        "--learning-rate 0.004 --epochs 8",
        lacks=("rival", "winter"),
        commit="Read prices from the new export",
        deleted=True,
    ),
    Trial(
        "huber",
        "jonas",
        "2026-11-03 08:55",
        "--learning-rate 0.004 --loss huber --epochs 15",
        lacks=("rival", "winter"),
        note="Huber loss, in case the promotion weeks are outliers. They are not.",
        commit="Offer the Huber loss",
        branch="huber",
    ),
    Trial(
        "rival-prices",
        "jonas",
        "2026-11-03 14:21",
        "--learning-rate 0.006 --epochs 20",
        lacks=("winter",),
        commit="Add rival prices",
        tags={"team": "pricing", "stage": "prototype"},
        keeps_model=True,
    ),
    Trial(
        "winter-season",
        "mira",
        "2026-11-04 09:30",
        "--learning-rate 0.006 --epochs 20 --sample 0.8",
        commit="Add the season",
        keeps_model=True,
        note="Cocoa sells in winter. The model is **not registered yet**.",
    ),
    Trial(
        "all-rows",
        "mira",
        "2026-11-04 11:02",
        "--learning-rate 0.004 --epochs 20 --sample 1.0",
        commit="Add the season",
    ),
    Trial(
        "very-small-steps",
        "jonas",
        "2026-11-04 12:31",
        "--learning-rate 0.0003 --epochs 500 --validate-every 20",
        note="Five hundred epochs during lunch, to see where it ends.",
        twists=[watch_system],
    ),
    Trial("steps-0.002", "mira", "2026-11-05 09:05", f"--learning-rate 0.002 {LONG}"),
    Trial("steps-0.005", "mira", "2026-11-05 09:20", f"--learning-rate 0.005 {LONG}"),
    Trial(
        "steps-0.02",
        "mira",
        "2026-11-05 09:40",
        f"--learning-rate 0.02 {LONG}",
        note="`val/loss` is best in the first third, then it **overfits the rival's prices**.",
    ),
    Trial("steps-0.1", "mira", "2026-11-05 10:02", f"--learning-rate 0.1 {LONG}"),
    Trial(
        "steps-0.8",
        "mira",
        "2026-11-05 10:15",
        "--learning-rate 0.8 --epochs 300 --validate-every 5",
        note="Diverged: *Floating-point under-/overflow occurred at epoch 38*.",
        twists=[diverge],
        tags={"team": "pricing", "cause": "learning rate"},
    ),
    Trial("more-decay", "jonas", "2026-11-06 08:45", f"--learning-rate 0.005 --l2 0.01 {LONG}"),
    Trial(
        "far-more-decay",
        "jonas",
        "2026-11-06 09:02",
        f"--learning-rate 0.005 --l2 0.1 {LONG}",
        twists=[stop_after(137, "KILLED")],
        note="Stopped by hand: the weights stay near zero.",
    ),
    Trial(
        "broken-promo-weeks",
        "jonas",
        "2026-11-09 10:11",
        f"--learning-rate 0.003 {LONG}",
        twists=[add_spikes],
        commit="Read prices from the new export",
        branch="new-export",
        note="The spikes are weeks whose price is in **cents**. Fixed in the export.",
        tags={"team": "pricing", "cause": "data"},
    ),
    Trial(
        "week-46",
        "mira",
        "2026-11-10 07:30",
        f"--learning-rate 0.004 --l2 0.001 {LONG}",
        note="""\
## Price list of week 46

The model behind the prices in the shop **since 12 November**.

1. refit on all weeks until 8 November
2. checked by Jonas
3. registered as `pricing-elasticity` version 3
""",
        tags={
            "team": "pricing",
            "stage": "production",
            "mlflow.source.type": "PROJECT",
            "mlflow.project.entryPoint": "main",
            "mlflow.project.backend": "local",
            "mlflow.project.env": "virtualenv",
        },
        twists=[watch_system],
        keeps_files=True,
        keeps_model=True,
    ),
    Trial(
        "resumed-from-checkpoint",
        "jonas",
        "2026-11-11 15:33",
        f"--learning-rate 0.003 --seed 11 {LONG}",
        twists=[resume],
        note="The machine went down at epoch 180; epochs 150 to 179 were trained twice.",
    ),
    Trial("seed-23", "jonas", "2026-11-12 09:00", f"--learning-rate 0.004 --seed 23 {LONG}"),
    Trial(
        "small-sample",
        "jonas",
        "2026-11-13 10:26",
        f"--learning-rate 0.05 --l2 0.02 --sample 0.2 {LONG}",
        note="The best `val/loss` so far, yet it **fails the price ceiling check**: see version 4.",
        keeps_files=True,
        keeps_model=True,
    ),
    Trial(
        "week-47",
        "mira",
        "2026-11-17 07:30",
        f"--learning-rate 0.003 --l2 0.01 --sample 0.8 {LONG}",
        note="Candidate for the next price list: a **lower `val/loss`** than `week-46`.",
        tags={"team": "pricing", "stage": "candidate"},
        keeps_files=True,
        keeps_model=True,
    ),
    Trial(
        "week-48",
        "mira",
        "2026-11-20 16:05",
        f"--learning-rate 0.003 --l2 0.01 --sample 0.8 {LONG}",
        twists=[stop_after(118, "RUNNING"), watch_system],
        tags={"team": "pricing", "stage": "candidate"},
    ),
]

SWEEP_START = "2026-11-18 19:00"
SWEEP_SIZE = 9
SWEEP_PAUSE = 12


def pricing_runs(data: Path) -> list[RunPlan]:
    """All runs of the experiment, a sweep with its children among them."""
    sales, validation = train.load_sales(data)
    runs = [planned(trial, sales, validation) for trial in TRIALS]
    return [*runs, sweep(sales, validation)]


def planned(trial: Trial, sales: train.Sales, validation: train.Sales) -> RunPlan:
    """Train as the trial says, and plan the run that this would have logged."""
    options = train.parse_options(trial.options.split())
    sales, validation = without(trial.lacks, sales), without(trial.lacks, validation)
    epochs = list(train.train(sales, validation, options))
    measured = epochs[:: options.validate_every]
    every = options.validate_every
    curves = {
        "train/loss": constant_pace((e.train_loss for e in epochs), SECONDS_PER_EPOCH),
        "val/loss": constant_pace((e.val_loss for e in measured), SECONDS_PER_EPOCH, every),
        "revenue_lift": constant_pace((e.revenue_lift for e in measured), SECONDS_PER_EPOCH, every),
    }
    plan = RunPlan(
        name=trial.name,
        user=trial.user,
        start=trial.start,
        seconds=last_second(curves) + SECONDS_TO_SAVE,
        commit=trial.commit,
        branch=trial.branch,
        note=trial.note,
        params=logged_params(options, sales),
        tags=trial.tags,
        curves=curves,
        files=result_files(trial, epochs, validation) if trial.keeps_files else {},
        model=model_plan(epochs[-1], validation) if trial.keeps_model else None,
        deleted=trial.deleted,
    )
    for twist in trial.twists:
        plan = twist(plan)
    return plan


def without(names: tuple[str, ...], sales: train.Sales) -> train.Sales:
    """The same sales with fewer features."""
    return train.Sales(sales.features.drop(columns=list(names)), sales.log_units)


def logged_params(options: Namespace, sales: train.Sales) -> dict[str, object]:
    """The parameters that train.py logs."""
    params = {key: value for key, value in vars(options).items() if key != "pause"}
    return {**params, "train_rows": len(sales.features)}


def last_second(curves: dict[str, Sequence[Point]]) -> float:
    """When the last point of all curves was logged."""
    return max(point.seconds for points in curves.values() for point in points)


def model_plan(epoch: train.Epoch, validation: train.Sales) -> ModelPlan:
    """The model of an epoch, as train.py logs it."""
    return ModelPlan(epoch.model, validation.features.head(3).round(3), epoch.number)


def result_files(
    trial: Trial, epochs: list[train.Epoch], validation: train.Sales
) -> dict[str, str | bytes]:
    """The artifacts of a run: what train.py keeps, with pictures, a log and a report."""
    model = epochs[-1].model
    elasticities = train.elasticities(model).rename(lambda name: name.removeprefix("price_"))
    guess = pd.Series(model.predict(validation.features), validation.log_units.index)
    table = pd.DataFrame({"log_units": validation.log_units, "predicted": guess}).round(4)
    return {
        "elasticities.json": json.dumps(elasticities.round(3).to_dict(), indent=2) + "\n",
        "predictions.csv": table.to_csv(index=False),
        "plots/elasticities.png": plots.bars(
            elasticities, "How customers react to a price", "% units per % price"
        ),
        "plots/predictions.png": plots.truth_and_guess(
            table["log_units"], table["predicted"], "log units"
        ),
        "training.log": training_log(trial, epochs),
        "report.md": report(trial, epochs[-1], elasticities),
    }


def training_log(trial: Trial, epochs: list[train.Epoch]) -> str:
    """What the script has printed, with times."""
    start = pd.Timestamp(moment(trial.start), unit="ms")
    lines = [f"{start} INFO train.py {trial.options}"]
    for epoch in epochs[:: max(1, len(epochs) // 30)]:
        now = start + pd.Timedelta(seconds=int((epoch.number + 1) * SECONDS_PER_EPOCH))
        lines.append(
            f"{now} INFO epoch {epoch.number:3}  train/loss {epoch.train_loss:.5f}"
            f"  val/loss {epoch.val_loss:.5f}"
        )
    return "\n".join(lines) + "\n"


def report(trial: Trial, epoch: train.Epoch, elasticities: pd.Series) -> str:
    """A page about the run, in Markdown."""
    rows = "\n".join(
        f"| {name} | {value:.2f} | {'raise' if value > -1 else 'lower'} |"
        for name, value in elasticities.items()
    )
    return f"""\
# {trial.name}

Trained {trial.start} by {trial.user}, `python train.py {trial.options}`.

**Expected revenue lift: {epoch.revenue_lift:.1%}** if no price moves by more than 10 %.

![elasticities](plots/elasticities.png)

| product | elasticity | advice |
|---|---:|---|
{rows}
"""


def sweep(sales: train.Sales, validation: train.Sales) -> RunPlan:
    """A random search, log-uniform in learning rate and weight decay."""
    rng = np.random.default_rng(48)
    start = pd.Timestamp(SWEEP_START)
    children = []
    for _ in range(SWEEP_SIZE):
        rate, decay = 10 ** rng.uniform([-3.3, -5], [-1, -1])
        options = f"--learning-rate {rate:.2g} --l2 {decay:.2g} --epochs 12 --validate-every 3"
        trial = Trial(None, "aiko", str(start), options, commit="Search at random")
        children.append(planned(trial, sales, validation))
        start += pd.Timedelta(seconds=children[-1].seconds + SWEEP_PAUSE)
    seconds = (start - pd.Timestamp(SWEEP_START)).total_seconds()
    best = min(min(p.value for p in child.curves["val/loss"]) for child in children)
    return RunPlan(
        name="pricing sweep",
        user="aiko",
        start=SWEEP_START,
        seconds=seconds,
        source="sweep.py",
        commit="Search at random",
        note=f"Random search over {SWEEP_SIZE} settings, 12 epochs each. Log-uniform in both.",
        params={"search": "random", "learning_rate": "5e-4 .. 1e-1", "l2": "1e-5 .. 1e-1"},
        curves={"best_val_loss": final(best, seconds)},
        children=children,
    )
