"""The experiment recommendations: rankers that other people train in another repository.

Unlike the curves of the other two experiments these are drawn, not trained.
"""

import json
from dataclasses import dataclass, field

import mlflow.data
import numpy as np
import pandas as pd
from mlflow.data.pandas_dataset import PandasDataset
from sklearn.linear_model import Ridge

from maker import plots
from maker.store import ModelPlan, Point, RunPlan, constant_pace, final

EXPERIMENT_TAGS = {
    "mlflow.note.content": """\
"Goes well with": three products below the basket. Judged offline by `ndcg_at_10` on clicks.

Offline gains below **0.005** have never shown up in the shop.
""",
    "mlflow.experiment.primaryMetric.name": "ndcg_at_10",
    "mlflow.experiment.primaryMetric.greaterIsBetter": "true",
    "team": "shop",
}

SECONDS_PER_EPOCH = 41


@dataclass(frozen=True)
class Ranker:
    """A run of the ranking notebook: settings, and how well they do in the end."""

    name: str
    user: str
    start: str
    algorithm: str
    factors: int
    learning_rate: float
    epochs: int
    ndcg: float
    recall: float
    coverage: float
    status: str = "FINISHED"
    note: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    weeks: str | None = None
    keeps_model: bool = False


RANKERS = [
    Ranker(
        "popularity", "aiko", "2026-11-03 10:00", "popularity", 0, 0, 1, 0.214, 0.391, 0.04,
        note="What any ranker has to beat: the same three best-sellers for everybody.",
    ),
    Ranker("item-knn", "aiko", "2026-11-03 11:10", "item-knn", 0, 0, 1, 0.287, 0.502, 0.31),
    Ranker("item-knn-shrunk", "aiko", "2026-11-03 11:40", "item-knn", 0, 0, 1, 0.293, 0.511, 0.27),
    Ranker("als-16", "aiko", "2026-11-04 09:00", "als", 16, 0.01, 8, 0.301, 0.534, 0.42),
    Ranker(
        "als-32", "aiko", "2026-11-04 10:15", "als", 32, 0.01, 8, 0.318, 0.561, 0.45,
        note="The first one that was **shown to customers**, one basket in twenty.",
        tags={"stage": "prototype"},
        weeks="43 to 44",
        keeps_model=True,
    ),
    Ranker("als-64", "aiko", "2026-11-04 12:20", "als", 64, 0.01, 8, 0.315, 0.566, 0.47),
    Ranker(
        "als-128", "aiko", "2026-11-04 15:00", "als", 128, 0.01, 3, 0.262, 0.470, 0.40,
        note="Out of memory in the fourth epoch.",
        status="FAILED",
    ),
    Ranker("bpr-32", "jonas", "2026-11-06 13:05", "bpr", 32, 0.05, 8, 0.309, 0.548, 0.52),
    Ranker("bpr-64", "jonas", "2026-11-06 14:30", "bpr", 64, 0.05, 8, 0.322, 0.570, 0.55),
    Ranker("bpr-64-slow", "jonas", "2026-11-09 09:10", "bpr", 64, 0.01, 8, 0.311, 0.549, 0.53),
    Ranker("towers-32", "mira", "2026-11-11 09:00", "two-tower", 32, 0.001, 8, 0.327, 0.583, 0.58),
    Ranker(
        "towers-64", "mira", "2026-11-12 10:30", "two-tower", 64, 0.001, 8, 0.341, 0.602, 0.61,
        note="Beats `bpr-64` by 0.019. In the shop since **16 November**.",
        tags={"stage": "production"},
        weeks="43 to 45",
        keeps_model=True,
    ),
    Ranker(
        "no-price", "mira", "2026-11-13 08:45", "two-tower", 64, 0.001, 8, 0.329, 0.586, 0.60,
        note="Without the price as a feature: worse, so the price stays.",
    ),
    Ranker(
        "towers-128", "mira", "2026-11-17 13:20", "two-tower", 128, 0.0005, 8, 0.343, 0.607, 0.60,
        weeks="43 to 46",
    ),
    Ranker(
        "towers-fresh", "mira", "2026-11-19 09:00", "two-tower", 64, 0.001, 8, 0.347, 0.611, 0.63,
        note="As `towers-64`, with one more week of clicks.",
        tags={"stage": "candidate"},
        weeks="43 to 46",
        keeps_model=True,
    ),
]  # fmt: skip


def recommending_runs() -> list[RunPlan]:
    """All runs of the experiment."""
    return [ranker_run(ranker) for ranker in RANKERS]


def ranker_run(ranker: Ranker) -> RunPlan:
    """Plan the run of a ranker."""
    rng = np.random.default_rng(ranker.factors * 1000 + len(ranker.name))
    curves = ranking_curves(ranker, rng)
    clicks = some_clicks(rng)
    return RunPlan(
        name=ranker.name,
        user=ranker.user,
        start=ranker.start,
        seconds=(ranker.epochs + 1) * SECONDS_PER_EPOCH + 60,
        source="notebooks/ranking.ipynb",
        commit=f"Rank by {ranker.algorithm}",
        branch="main",
        status=ranker.status,
        note=ranker.note,
        params={
            "algorithm": ranker.algorithm,
            "factors": ranker.factors,
            "learning_rate": ranker.learning_rate,
            "epochs": ranker.epochs,
        },
        tags={
            "team": "shop",
            "mlflow.source.type": "NOTEBOOK",
            "mlflow.source.git.repoURL": "https://git.example.com/coffee-shop/ranking.git",
        }
        | ranker.tags,
        curves=curves,
        files=ranking_files(ranker, curves) if ranker.keeps_model else {},
        datasets=click_datasets(ranker.weeks, clicks) if ranker.weeks else {},
        model=model_plan(clicks) if ranker.keeps_model else None,
    )


def ranking_curves(ranker: Ranker, rng: np.random.Generator) -> dict[str, list[Point]]:
    """The metrics of each epoch, on their way to the final ones."""
    goals = {
        "ndcg_at_10": ranker.ndcg,
        "recall_at_50": ranker.recall,
        "coverage": ranker.coverage,
    }
    if ranker.epochs == 1:
        return {key: final(goal, SECONDS_PER_EPOCH) for key, goal in goals.items()}
    way = 1 - 0.45 * np.exp(-np.arange(ranker.epochs) / 3)
    return {
        key: constant_pace(
            [*(goal * way[:-1] * rng.normal(1, 0.006, ranker.epochs - 1)).round(4), goal],
            SECONDS_PER_EPOCH,
        )
        for key, goal in goals.items()
    }


def ranking_files(ranker: Ranker, curves: dict[str, list[Point]]) -> dict[str, str | bytes]:
    """The artifacts of a ranker: its settings, its scores and a picture."""
    table = pd.DataFrame({key: [p.value for p in points] for key, points in curves.items()})
    settings = {"algorithm": ranker.algorithm, "factors": ranker.factors, "slots": 3}
    return {
        "config.json": json.dumps(settings, indent=2) + "\n",
        "metrics.json": json.dumps(table.iloc[-1].to_dict(), indent=2) + "\n",
        "ranking.png": plots.lines(table, ranker.name, "epoch", ""),
    }


def some_clicks(rng: np.random.Generator) -> pd.DataFrame:
    """Shown products, and whether they were clicked."""
    rows = 240
    table = pd.DataFrame(
        {
            "affinity": rng.normal(0, 1, rows).round(3),
            "popularity": rng.beta(2, 5, rows).round(3),
            "days_since_bought": rng.integers(1, 90, rows).astype(float),
            "price_ratio": rng.lognormal(0, 0.3, rows).round(3),
        }
    )
    appeal = 1.2 * table["affinity"] + 2 * table["popularity"] - table["price_ratio"]
    return table.assign(clicked=(rng.random(rows) < 1 / (1 + np.exp(-appeal))).astype(int))


def click_datasets(weeks: str, clicks: pd.DataFrame) -> dict[str, PandasDataset]:
    """The data that a run has read, by what for."""
    cut = len(clicks) * 3 // 4
    return {
        context: mlflow.data.from_pandas(
            part,
            source=f"https://data.example.com/clicks/2026-weeks-{weeks.replace(' ', '-')}.parquet",
            name=f"clicks of weeks {weeks}",
            targets="clicked",
        )
        for context, part in (("training", clicks[:cut]), ("validation", clicks[cut:]))
    }


def model_plan(clicks: pd.DataFrame) -> ModelPlan:
    """A small ranker: products with a higher score are likelier to be clicked."""
    features = clicks.drop(columns="clicked")
    return ModelPlan(Ridge().fit(features, clicks["clicked"]), features.head(3))
