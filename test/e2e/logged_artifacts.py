"""Logs to a run of its own what MLflow has its own formats for: tables in JSON and Parquet, with pictures in them, and pictures by step."""
import sys

import mlflow
import numpy
import pandas
from mlflow.tracking import MlflowClient

client = MlflowClient()
[place] = sys.argv[1:]
experiment_id = client.create_experiment("weekly tables", artifact_location=place)
run_id = client.create_run(experiment_id, run_name="tables").info.run_id


def picture(red):
    pixels = numpy.zeros((24, 32, 3), dtype=numpy.uint8)
    pixels[..., 0] = red
    return pixels


table = pandas.DataFrame(
    {
        "week": [45, 46, 47],
        "product": ["tea", "coffee, roasted", None],
        "error": [0.125, float("nan"), -3.5],
        "curve": [mlflow.Image(picture(red)) for red in (60, 120, 240)],
    }
)
client.log_table(run_id, table, "tables/weeks.json")
client.log_table(run_id, table.drop(columns="curve"), "tables/weeks.parquet")
for step in (0, 10, 20):
    client.log_image(run_id, picture(100 + step), key="fit/price", step=step)
client.set_terminated(run_id)
