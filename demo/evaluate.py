"""Measure a logged pricing model on a file of sales.

Run it alone, or as an entry point of this project:

    python evaluate.py --model runs:/<run id>/model
    mlflow run . --env-manager local -e evaluate -P model=models:/<name>/<version> -P data=<file>
"""

import argparse
import os
from pathlib import Path

import mlflow

from tracking import log_new_params
from train import (
    EXPERIMENT,
    elasticities,
    fitted_elasticities,
    load_sales,
    mean_loss,
    revenue_lift,
)


def parse_options() -> argparse.Namespace:
    """Read the command line; its options are the parameters of `evaluate` in MLproject."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", required=True, help="URI of a model that train.py has logged")
    parser.add_argument("--data", type=Path, default=Path("data/sales.csv"))
    return parser.parse_args()


def main() -> None:
    """Load the model, measure it and log the result as a run of its own."""
    options = parse_options()
    model = mlflow.sklearn.load_model(options.model)
    _, newest = load_sales(options.data)
    if "MLFLOW_RUN_ID" not in os.environ:  # else `mlflow run` has chosen run and experiment
        mlflow.set_experiment(EXPERIMENT)

    with mlflow.start_run():
        log_new_params(vars(options))
        lift = revenue_lift(elasticities(model), fitted_elasticities(newest))
        mlflow.log_metric("val/loss", mean_loss(model, newest))
        mlflow.log_metric("revenue_lift", lift)
        print(f"revenue_lift {lift:.4f}", flush=True)


if __name__ == "__main__":
    main()
