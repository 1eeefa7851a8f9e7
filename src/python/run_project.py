"""`mlflow` as a command line that ends with whoever started it, however that ends.

    python run_project.py run . --entry-point main …        the arguments of `mlflow`

Standard input is a pipe that the starter holds open and never writes to. When it breaks, the starter is gone: then this
process group gets what Ctrl+C would give it, so that MLflow ends the run too, and what is left is killed. What runs in here
sees an empty standard input. Unlike with `python -m mlflow`, modules in the current folder don't stand in for those of Python.
"""

import os
import runpy
import signal
import subprocess
import sys
import threading
import time

GRACE = 5  # seconds between asking to end and killing


starter_is_gone = threading.Event()


def end_with(pipe):
    while os.read(pipe, 4096):
        pass
    starter_is_gone.set()
    if os.name == "nt":
        subprocess.run(["taskkill", "/PID", str(os.getpid()), "/T", "/F"], check=False)
        return
    os.killpg(0, signal.SIGINT)
    time.sleep(GRACE)
    os.killpg(0, signal.SIGKILL)


def end_run_if_interrupted_early():
    """Ends the run also where the interrupt comes while MLflow still looks it up, before it begins to wait for it."""
    try:
        from mlflow import projects

        wait = projects._wait_for
    except (ImportError, AttributeError):
        return  # this MLflow does it otherwise

    def wait_and_end(submitted):
        try:
            wait(submitted)
        except KeyboardInterrupt:
            from mlflow import MlflowClient

            client = MlflowClient()
            if client.get_run(submitted.run_id).info.status == "RUNNING":
                client.set_terminated(submitted.run_id, "FAILED")
            raise

    projects._wait_for = wait_and_end


def drop_repeated_lines():
    """Lets a folder be migrated in which a point stands twice, logged twice in one millisecond.

    Databases hold each point once; MLflow's own migration (3.10 to 3.17 at least) stops at the second one.
    """
    try:
        from mlflow.store.fs2db import _tracking

        read = _tracking.read_metric_lines
    except (ImportError, AttributeError):
        return  # this MLflow does it otherwise

    def point(line):
        """What databases tell points apart by; a dataset is not among it."""
        fields = line.strip().split(" ")
        try:
            value = float(fields[1])
            return int(fields[0]), "nan" if value != value else value + 0.0, int(fields[2]) if len(fields) > 2 else 0
        except (IndexError, ValueError):
            return line  # MLflow says what is wrong with it

    def read_once(folder):
        return {key: list({point(line): line for line in lines}.values()) for key, lines in read(folder).items()}

    _tracking.read_metric_lines = read_once


def main():
    pipe = os.dup(0)  # not inherited by children, as standard input would be
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    watch = threading.Thread(target=end_with, args=(pipe,), daemon=True)
    watch.start()
    sys.path.pop(0)  # the folder of this script
    sys.argv[0] = "mlflow"
    try:
        prepare = {"run": end_run_if_interrupted_early, "migrate-filestore": drop_repeated_lines}.get(sys.argv[1])
        if prepare:
            prepare()
        runpy.run_module("mlflow", run_name="__main__", alter_sys=True)
    finally:
        if starter_is_gone.is_set():
            watch.join()  # others of the group may take longer to end than MLflow does


if __name__ == "__main__":
    main()
