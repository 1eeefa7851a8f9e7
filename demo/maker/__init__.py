"""Makes the data files and the MLflow store of this demo; see make.py."""

import os

# MLflow reads these when it is imported, which the modules of this package do.
os.environ.update(
    MLFLOW_DISABLE_TELEMETRY="true",
    MLFLOW_LOGGING_LEVEL="ERROR",
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false",
    MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING="false",
    GIT_PYTHON_REFRESH="quiet",
)
