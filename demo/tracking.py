"""What the scripts of this project share about MLflow."""

import mlflow


def log_new_params(params: dict[str, object]) -> None:
    """Log the parameters of the active run that `mlflow run` has not logged already."""
    known = mlflow.active_run().data.params
    mlflow.log_params({name: value for name, value in params.items() if name not in known})
