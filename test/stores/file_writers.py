"""Several processes that write runs into one file store at once, as trainings do.

    python file_writers.py ROOT EXPERIMENT PROCESSES RUNS

Each logs RUNS runs of 50 points whose value is 0.123456789 + step, a parameter and a tag that begin and end alike, and sets the tag
again and again. Prints nothing.
"""

import os
import sys
from multiprocessing import get_context

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

from mlflow import MlflowClient  # noqa: E402


def write(root: str, experiment: str, runs: int) -> None:
    client = MlflowClient(root)
    for number in range(runs):
        run = client.create_run(experiment, run_name=f"<{number}>").info.run_id
        client.log_param(run, "long", "<" + "p" * 5000 + ">")
        for step in range(50):
            client.log_metric(run, "value", 0.123456789 + step, timestamp=1_750_000_000_000 + step, step=step)
            if step % 5 == 0:
                client.set_tag(run, "text", "<" + "t" * (step * 100) + ">")
        client.set_terminated(run)


if __name__ == "__main__":
    root, experiment, processes, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    writers = [get_context("fork").Process(target=write, args=(root, experiment, runs)) for _ in range(processes)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    sys.exit(max(writer.exitcode or 0 for writer in writers))
