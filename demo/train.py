"""Learn how customers react to prices, and how much revenue better prices would bring.

A linear model of log sales is trained by stochastic gradient descent, one epoch at a time, so that
its curves can be watched while they grow:

    python train.py --learning-rate 0.005
    mlflow run . --env-manager local -P learning_rate=0.005
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from sklearn.linear_model import SGDRegressor

from tracking import log_new_params

EXPERIMENT = "dynamic-pricing"
VALIDATION_WEEKS = 26
LARGEST_PRICE_MOVE = 0.10
PRICE_STEP = 0.1  # a price feature of 1 is a price 10 % above the usual one


@dataclass
class Sales:
    """Some weeks of sales: a row for every week and product."""

    features: pd.DataFrame
    log_units: pd.Series


@dataclass
class Epoch:
    """What one more pass over the training weeks has led to."""

    number: int
    model: SGDRegressor
    train_loss: float
    val_loss: float
    revenue_lift: float


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; its options are the parameters of `main` in MLproject."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("data/sales.csv"))
    parser.add_argument("--learning-rate", type=float, default=0.002)
    parser.add_argument("--l2", type=float, default=1e-4, help="weight decay")
    parser.add_argument("--loss", choices=["squared_error", "huber"], default="squared_error")
    parser.add_argument("--sample", type=float, default=0.5, help="share of the rows per epoch")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--validate-every", type=int, default=1, help="epochs between validations")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pause", type=float, default=0.4, help="seconds to rest per epoch")
    return parser.parse_args(arguments)


def load_sales(path: Path) -> tuple[Sales, Sales]:
    """Read the sales and split them in time: the newest weeks are for validation."""
    table = pd.read_csv(path, parse_dates=["week"])
    usual = table.groupby("product")[["price", "units"]].transform("median")
    price_steps = np.log(table["price"] / usual["price"]) / PRICE_STEP
    features = pd.get_dummies(table["product"], prefix="price").mul(price_steps, axis=0)
    features["rival"] = np.log(table["rival_price"] / table["price"])
    features["promo"] = table["promo"].astype(float)
    features["winter"] = np.cos(2 * np.pi * table["week"].dt.day_of_year / 365)
    log_units = np.log(table["units"] / usual["units"])
    new = table["week"] > table["week"].max() - pd.Timedelta(weeks=VALIDATION_WEEKS)
    return Sales(features[~new], log_units[~new]), Sales(features[new], log_units[new])


def train(sales: Sales, validation: Sales, options: argparse.Namespace) -> Iterator[Epoch]:
    """Descend epoch by epoch, each over a random part of the sales."""
    model = SGDRegressor(
        loss=options.loss,
        alpha=options.l2,
        learning_rate="constant",
        eta0=options.learning_rate,
        random_state=options.seed,
    )
    rng = np.random.default_rng(options.seed)
    judge = fitted_elasticities(validation)
    for number in range(options.epochs):
        rows = rng.permutation(len(sales.features))[: int(options.sample * len(sales.features))]
        sample = Sales(sales.features.iloc[rows], sales.log_units.iloc[rows])
        model.partial_fit(sample.features, sample.log_units)
        lift = revenue_lift(elasticities(model), judge)
        yield Epoch(number, model, mean_loss(model, sample), mean_loss(model, validation), lift)


def mean_loss(model: SGDRegressor, sales: Sales) -> float:
    """Mean squared error of the predicted log units."""
    return float(np.mean((model.predict(sales.features) - sales.log_units) ** 2))


def elasticities(model: SGDRegressor) -> pd.Series:
    """Per cent of the units gained by one per cent on the price, for every product."""
    weights = pd.Series(model.coef_, index=model.feature_names_in_)
    return weights[weights.index.str.startswith("price_")] / PRICE_STEP


def fitted_elasticities(sales: Sales) -> pd.Series:
    """The elasticities these sales show, by least squares."""
    weights, *_ = np.linalg.lstsq(sales.features.astype(float), sales.log_units)
    weights = pd.Series(weights, index=sales.features.columns)
    return weights[weights.index.str.startswith("price_")] / PRICE_STEP


def revenue_lift(believed: pd.Series, true: pd.Series) -> float:
    """Revenue gained by moving every price the way the believed elasticities advise."""
    move = 1 + LARGEST_PRICE_MOVE * np.tanh(2 * (1 + believed))
    return float(np.mean(move ** (1 + true)) - 1)


def log_results(epoch: Epoch, validation: Sales) -> None:
    """Keep the model, its elasticities and what it predicts for the validation weeks."""
    mlflow.log_dict(elasticities(epoch.model).round(3).to_dict(), "elasticities.json")
    predicted = epoch.model.predict(validation.features)
    table = pd.DataFrame({"log_units": validation.log_units, "predicted": predicted})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "predictions.csv"
        table.round(4).to_csv(path, index=False)
        mlflow.log_artifact(str(path))
    mlflow.sklearn.log_model(
        epoch.model,
        name="model",
        step=epoch.number,
        input_example=validation.features.head(3).round(3),
    )


def main() -> None:
    """Train once, and log it all to MLflow."""
    options = parse_options()
    sales, validation = load_sales(options.data)
    if "MLFLOW_RUN_ID" not in os.environ:  # else `mlflow run` has chosen run and experiment
        mlflow.set_experiment(EXPERIMENT)

    with mlflow.start_run() as run:
        log_new_params(
            {
                "data": options.data,
                "learning_rate": options.learning_rate,
                "l2": options.l2,
                "loss": options.loss,
                "sample": options.sample,
                "epochs": options.epochs,
                "validate_every": options.validate_every,
                "seed": options.seed,
            }
        )
        mlflow.log_param("train_rows", len(sales.features))
        print(f"Training in run {run.info.run_id}", flush=True)
        for epoch in train(sales, validation, options):
            mlflow.log_metric("train/loss", epoch.train_loss, step=epoch.number)
            if epoch.number % options.validate_every == 0:
                mlflow.log_metric("val/loss", epoch.val_loss, step=epoch.number)
                mlflow.log_metric("revenue_lift", epoch.revenue_lift, step=epoch.number)
                print(f"epoch {epoch.number:3}  val/loss {epoch.val_loss:.5f}", flush=True)
            time.sleep(options.pause)
        log_results(epoch, validation)


if __name__ == "__main__":
    main()
