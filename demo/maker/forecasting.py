"""The experiment demand-forecast: a grid of 105 settings of forecast.py, and what came of it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor

import forecast
from maker import plots
from maker.store import ModelPlan, Point, RunPlan, constant_pace, final

EXPERIMENT_TAGS = {
    "mlflow.note.content": """\
How many parcels leave each region next week. Boosted trees on weather, holidays and past demand.

- the **grid** of 11 November tried 105 settings for the north; three workers were lost
- a forecast is good enough for the warehouse when `mape` is below **0.08**
""",
    "mlflow.experiment.primaryMetric.name": "rmse",
    "mlflow.experiment.primaryMetric.greaterIsBetter": "false",
    "team": "logistics",
}

LEARNING_RATES = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3)
DEPTHS = (2, 3, 4, 5, 6)
SUBSAMPLES = (0.5, 0.75, 1.0)

GRID_START = "2026-11-11 18:00"
GRID_COMMIT = "Search a grid"
WORKERS = 4
LOST = {(0.03, 6, 1.0): 4, (0.1, 5, 0.75): 5, (0.3, 6, 0.5): 2}  # setting: stages it got to
SECONDS_PER_STAGE = 1.6


@dataclass(frozen=True)
class Refit:
    """A call of forecast.py outside of the grid, whose model was kept."""

    name: str
    user: str
    start: str
    options: str
    note: str


REFITS = [
    Refit(
        "north-first-trees",
        "aiko",
        "2026-11-05 11:20",
        "--learning-rate 0.3 --max-depth 1 --rounds 20",
        "Twenty stumps, only to see the whole way **from the data to the warehouse**.",
    ),
    Refit(
        "north-more-trees",
        "aiko",
        "2026-11-09 13:45",
        "--learning-rate 0.2 --max-depth 2 --rounds 20",
        "In the warehouse's plan since 10 November.",
    ),
    Refit(
        "north-from-grid",
        "jonas",
        "2026-11-12 08:15",
        "--learning-rate 0.2 --max-depth 2 --subsample 1.0 --rounds 40",
        "The second best of the grid, yet with **40 rounds instead of 120**.",
    ),
    Refit(
        "south",
        "aiko",
        "2026-11-16 10:30",
        "--region south --learning-rate 0.1 --max-depth 3",
        "The same features for the south.",
    ),
]
REGISTERED = ("north-first-trees", "north-more-trees", "north-from-grid")


def forecasting_runs(data: Path) -> list[RunPlan]:
    """All runs of the experiment: those outside of the grid, and the grid with its children."""
    return [*(refit_run(refit, data) for refit in REFITS), grid(data)]


def refit_run(refit: Refit, data: Path) -> RunPlan:
    """Train as the refit says, and plan the run that this would have logged."""
    options = forecast.parse_options(refit.options.split())
    demand, validation = forecast.load_demand(data, options.region)
    stages = list(forecast.train(demand, validation, options))
    model = stages[-1].model
    keeps_model = refit.name in REGISTERED
    return RunPlan(
        name=refit.name,
        user=refit.user,
        start=refit.start,
        seconds=len(stages) * SECONDS_PER_STAGE + 14,
        source="forecast.py",
        commit="Forecast with boosted trees",
        note=refit.note,
        tags={"team": "logistics", "region": options.region},
        params=vars(options),
        curves=stage_curves(stages) | score_curves(model, validation, len(stages)),
        files=forecast_files(model, validation) if keeps_model else {},
        model=ModelPlan(
            model,
            validation.features.head(3),
            options={"serialization_format": "cloudpickle"},
        )
        if keeps_model
        else None,
    )


def stage_curves(stages: list[forecast.Stage]) -> dict[str, list[Point]]:
    """The error after each stage; its step is the number of rounds."""
    errors = [stage.val_rmse for stage in stages]
    return {"val_rmse": constant_pace(errors, SECONDS_PER_STAGE, forecast.ROUNDS_PER_STAGE)}


def score_curves(
    model: GradientBoostingRegressor, validation: forecast.Demand, stages: int
) -> dict[str, list[Point]]:
    """The scores that are logged once, at the end."""
    return {
        key: final(value, (stages + 1) * SECONDS_PER_STAGE)
        for key, value in forecast.scores(model, validation).items()
    }


def forecast_files(
    model: GradientBoostingRegressor, validation: forecast.Demand
) -> dict[str, str | bytes]:
    """The artifacts of a forecast: the forecast itself, as a table and as a picture."""
    guess = model.predict(validation.features)
    table = pd.DataFrame({"true": validation.parcels, "forecast": guess})
    table = table.reset_index(drop=True).rename_axis("day").round(1)
    return {
        "forecast.csv": table.to_csv(),
        "forecast.png": plots.lines(table, "The newest 90 days", "day", "parcels"),
    }


def grid(data: Path) -> RunPlan:
    """The grid: a parent with a child for each setting, on four workers."""
    settings = list(itertools.product(LEARNING_RATES, DEPTHS, SUBSAMPLES))
    demand, validation = forecast.load_demand(data, "north")
    children = list(grid_children(settings, demand, validation))
    scored = pd.DataFrame(
        {**child.params, **{key: child.curves[key][0].value for key in ("rmse", "mae", "mape")}}
        for child in children
        if child.status == "FINISHED"
    ).sort_values("rmse")
    rounds_of_workers = -(-len(settings) // WORKERS)
    seconds = rounds_of_workers * seconds_per_child() + 20
    return RunPlan(
        name="grid north",
        user="jonas",
        start=GRID_START,
        seconds=seconds,
        source="grid.py",
        commit=GRID_COMMIT,
        note="""\
## Grid of 7 × 5 × 3 settings

Flat trees win; from depth 4 on, **more depth only fits noise**. See `report.md`.
""",
        tags={"team": "logistics", "region": "north"},
        params={"region": "north", "rounds": 120, "settings": len(settings), "workers": WORKERS},
        curves={"best_rmse": final(scored["rmse"].iloc[0], seconds)},
        files={
            "results.csv": scored.round(4).to_csv(index=False),
            "heatmap.png": plots.heat_map(
                scored.pivot_table(index="max_depth", columns="learning_rate", values="rmse"),
                "Mean rmse over all subsamples",
            ),
            "report.md": grid_report(scored),
        },
        children=children,
    )


def seconds_per_child() -> float:
    """How long a worker is busy with one setting."""
    stages = forecast.parse_options([]).rounds // forecast.ROUNDS_PER_STAGE
    return (stages + 2) * SECONDS_PER_STAGE


def grid_children(
    settings: list[tuple[float, int, float]],
    demand: forecast.Demand,
    validation: forecast.Demand,
) -> Iterator[RunPlan]:
    """Train each setting, as short runs with few tags."""
    start = pd.Timestamp(GRID_START)
    for index, setting in enumerate(settings):
        rate, depth, share = setting
        options = forecast.parse_options(
            f"--learning-rate {rate} --max-depth {depth} --subsample {share}".split()
        )
        stages = list(forecast.train(demand, validation, options))[: LOST.get(setting)]
        lost = setting in LOST
        scores = {} if lost else score_curves(stages[-1].model, validation, len(stages))
        turn, worker = divmod(index, WORKERS)
        begin = start + pd.Timedelta(seconds=turn * seconds_per_child() + worker)
        yield RunPlan(
            name=None,
            user="jonas",
            start=str(begin),
            seconds=(len(stages) + 1.5) * SECONDS_PER_STAGE,
            source="forecast.py",
            commit=GRID_COMMIT,
            branch=None,
            status="FAILED" if lost else "FINISHED",
            params={"learning_rate": rate, "max_depth": depth, "subsample": share},
            curves=stage_curves(stages) | scores,
        )


def grid_report(scored: pd.DataFrame) -> str:
    """The ten best settings, in Markdown."""
    rows = "\n".join(
        f"| {best.learning_rate} | {best.max_depth} | {best.subsample}"
        f" | {best.rmse:.2f} | {best.mape:.1%} |"
        for best in scored.head(10).itertuples()
    )
    return f"""\
# Grid for the north

{len(scored)} settings were scored on the newest {forecast.VALIDATION_DAYS} days.

![rmse over depth and learning rate](heatmap.png)

| learning rate | depth | subsample | rmse | mape |
|---:|---:|---:|---:|---:|
{rows}
"""
