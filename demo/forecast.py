"""Forecast the parcels of one region with boosted trees.

Run it alone, or as an entry point of this project:

    python forecast.py --region south
    mlflow run . --env-manager local -e forecast -P data=data/demand.csv -P region=south
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor

from tracking import log_new_params

EXPERIMENT = "demand-forecast"
VALIDATION_DAYS = 90
ROUNDS_PER_STAGE = 20


@dataclass
class Demand:
    """Features and parcels, a row per day."""

    features: pd.DataFrame
    parcels: pd.Series


@dataclass
class Stage:
    """The model after some more rounds of boosting."""

    rounds: int
    model: GradientBoostingRegressor
    val_rmse: float


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; its options are the parameters of `forecast` in MLproject."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("data/demand.csv"))
    parser.add_argument("--region", default="north")
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--max-depth", type=int, default=3)
    parser.add_argument("--subsample", type=float, default=0.8)
    parser.add_argument("--rounds", type=int, default=120)
    return parser.parse_args(arguments)


def load_demand(path: Path, region: str) -> tuple[Demand, Demand]:
    """Read the days of a region and split them in time: the newest are for validation."""
    table = pd.read_csv(path, parse_dates=["date"])
    days = table[table["region"] == region]
    features = days[["temperature", "holiday"]].astype(float)
    features["weekday"] = days["date"].dt.day_of_week.astype(float)
    for lag in (7, 14, 28):
        features[f"parcels_{lag}_days_ago"] = days["parcels"].shift(lag)
    known = features.notna().all(axis="columns")
    features, parcels = features[known], days.loc[known, "parcels"]
    return (
        Demand(features[:-VALIDATION_DAYS], parcels[:-VALIDATION_DAYS]),
        Demand(features[-VALIDATION_DAYS:], parcels[-VALIDATION_DAYS:]),
    )


def train(demand: Demand, validation: Demand, options: argparse.Namespace) -> Iterator[Stage]:
    """Boost in stages of a few rounds each."""
    model = GradientBoostingRegressor(
        learning_rate=options.learning_rate,
        max_depth=options.max_depth,
        subsample=options.subsample,
        random_state=0,
        warm_start=True,
    )
    for rounds in range(ROUNDS_PER_STAGE, options.rounds + 1, ROUNDS_PER_STAGE):
        model.set_params(n_estimators=rounds)
        model.fit(demand.features, demand.parcels)
        yield Stage(rounds, model, scores(model, validation)["rmse"])


def scores(model: GradientBoostingRegressor, demand: Demand) -> dict[str, float]:
    """The errors of the model on some days."""
    error = (model.predict(demand.features) - demand.parcels).to_numpy()
    return {
        "rmse": float(np.sqrt(np.mean(error**2))),
        "mae": float(np.mean(np.abs(error))),
        "mape": float(np.mean(np.abs(error) / demand.parcels)),
    }


def main() -> None:
    """Train once, and log it all to MLflow."""
    options = parse_options()
    demand, validation = load_demand(options.data, options.region)
    if "MLFLOW_RUN_ID" not in os.environ:  # else `mlflow run` has chosen run and experiment
        mlflow.set_experiment(EXPERIMENT)

    with mlflow.start_run():
        log_new_params(vars(options))
        for stage in train(demand, validation, options):
            mlflow.log_metric("val_rmse", stage.val_rmse, step=stage.rounds)
            print(f"rounds {stage.rounds:3}  val_rmse {stage.val_rmse:.2f}", flush=True)
        mlflow.log_metrics(scores(stage.model, validation))
        mlflow.sklearn.log_model(
            stage.model,
            name="model",
            input_example=validation.features.head(3),
            skops_trusted_types=["sklearn.tree._tree.Tree"],
        )


if __name__ == "__main__":
    main()
