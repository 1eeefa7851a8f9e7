"""End a run whose process is gone, through MLflow itself. Prints one line of JSON with the status it then has.

    python end_run.py RUN_ID KILLED|FAILED FROM_STATUS…    {"status": "KILLED"}

Only a run that still has one of FROM_STATUS is changed. The store is the one of MLFLOW_TRACKING_URI.
"""

import json
import sys

from mlflow import MlflowClient


def main(run_id, status, *from_status):
    client = MlflowClient()
    if client.get_run(run_id).info.status in from_status:
        client.set_terminated(run_id, status)
    print(json.dumps({"status": client.get_run(run_id).info.status}))


main(*sys.argv[1:])
