"""Writes planned runs into a store, through the client that MLflow gives to everybody."""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import mlflow
import mlflow.sklearn
import pandas as pd
from mlflow import MlflowClient
from mlflow.data.pandas_dataset import PandasDataset
from mlflow.entities import DatasetInput, InputTag, Metric, Param

from maker.world import Clock, moment

METRICS_PER_BATCH = 1000
DIGITS = 9  # those of a metric that come out the same on every machine
MODEL_REQUIREMENTS = ["mlflow==3.17.2", "scikit-learn==1.9.1", "skops==0.16.0"]


@dataclass(frozen=True)
class Point:
    """A value of a metric: at a step, some seconds after the start of its run."""

    step: int
    value: float
    seconds: float


@dataclass(frozen=True)
class ModelPlan:
    """A fitted estimator to log, with rows to show how it is called."""

    estimator: object
    example: pd.DataFrame
    step: int = 0
    options: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RunPlan:
    """All there is to know about a run, before it is written."""

    name: str | None
    user: str
    start: str
    seconds: float
    source: str = "train.py"
    commit: str = "Weekly refit"
    branch: str | None = "main"
    status: str = "FINISHED"
    note: str | None = None
    params: dict[str, object] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    curves: dict[str, Sequence[Point]] = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    datasets: dict[str, PandasDataset] = field(default_factory=dict)
    model: ModelPlan | None = None
    deleted: bool = False
    children: Sequence["RunPlan"] = ()


def constant_pace(values: Iterable[float], seconds_per_step: float, every: int = 1) -> list[Point]:
    """A curve whose steps take equally long."""
    return [
        Point(index * every, round(float(value), DIGITS), (index * every + 1) * seconds_per_step)
        for index, value in enumerate(values)
    ]


def final(value: float, seconds: float) -> list[Point]:
    """A metric that is logged once, at the end."""
    return [Point(0, round(float(value), DIGITS), seconds)]


def commit_id(message: str) -> str:
    """A commit of this project's imaginary past."""
    return hashlib.sha1(f"coffee shop: {message}".encode()).hexdigest()


class Store:
    """An MLflow store in the working directory that is filled run by run."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.logged_models: dict[str, mlflow.entities.LoggedModel] = {}
        mlflow.set_tracking_uri("sqlite:///mlflow.db")
        self.client = MlflowClient()

    def add_experiment(self, name: str, created: str, tags: dict[str, str]) -> str:
        """Create an experiment and return its id."""
        self.clock.set(moment(created))
        return self.client.create_experiment(name, tags=tags)

    def add_run(self, experiment_id: str, plan: RunPlan, parent_id: str | None = None) -> None:
        """Write a run with all it has, then its children."""
        start = moment(plan.start)
        self.clock.set(start)
        run_id = self.client.create_run(
            experiment_id, start, self._tags(plan, parent_id), plan.name
        ).info.run_id
        params = [Param(key, str(value)) for key, value in plan.params.items()]
        self.client.log_batch(run_id, params=params)
        self._log_curves(run_id, plan.curves, start)
        for child in plan.children:
            self.add_run(experiment_id, child, run_id)

        end = start + int(plan.seconds * 1000)
        self.clock.set(end)
        self._log_files(run_id, plan.files)
        self._log_datasets(run_id, plan.datasets)
        if plan.model:
            self._log_model(run_id, plan, plan.model)
        if plan.status != "RUNNING":
            self.client.set_terminated(run_id, plan.status, end)
        if plan.deleted:
            self.client.delete_run(run_id)

    def _tags(self, plan: RunPlan, parent_id: str | None) -> dict[str, str]:
        """The tags that MLflow would set by itself, and those of the plan."""
        tags = {
            "mlflow.user": plan.user,
            "mlflow.source.name": plan.source,
            "mlflow.source.type": "LOCAL",
            "mlflow.source.git.commit": commit_id(plan.commit),
            "mlflow.source.git.branch": plan.branch,
            "mlflow.note.content": plan.note,
            "mlflow.parentRunId": parent_id,
        }
        return {key: value for key, value in tags.items() if value} | plan.tags

    def _log_curves(self, run_id: str, curves: dict[str, Sequence[Point]], start: int) -> None:
        metrics = [
            Metric(key, point.value, start + int(point.seconds * 1000), point.step)
            for key, points in curves.items()
            for point in points
        ]
        for first in range(0, len(metrics), METRICS_PER_BATCH):
            self.client.log_batch(run_id, metrics=metrics[first : first + METRICS_PER_BATCH])

    def _log_files(self, run_id: str, files: dict[str, str | bytes]) -> None:
        if not files:
            return
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
            self.client.log_artifacts(run_id, folder)

    def _log_datasets(self, run_id: str, datasets: dict[str, PandasDataset]) -> None:
        inputs = [
            DatasetInput(dataset._to_mlflow_entity(), [InputTag("mlflow.data.context", context)])
            for context, dataset in datasets.items()
        ]
        if inputs:
            self.client.log_inputs(run_id, inputs)

    def _log_model(self, run_id: str, plan: RunPlan, model: ModelPlan) -> None:
        """Log the model with the tags of its run, as MLflow does for a run of today."""
        with mlflow.start_run(run_id):
            info = mlflow.sklearn.log_model(
                model.estimator,
                name="model",
                step=model.step,
                input_example=model.example,
                params=plan.params,
                tags=self._tags(plan, None),
                pip_requirements=MODEL_REQUIREMENTS,
                **model.options,
            )
        self.logged_models[plan.name] = self.client.get_logged_model(info.model_id)
