"""The registered models with their versions, stages and aliases."""

from dataclasses import dataclass, field

from maker.store import Store
from maker.world import moment

REVIEW = 45 * 60 * 1000  # milliseconds from a new version to its stage and aliases


@dataclass(frozen=True)
class Version:
    """A version: the run whose model it is, and what people have said about it since."""

    run: str
    created: str
    stage: str
    validation: str
    description: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registered:
    """A registered model."""

    name: str
    description: str
    tags: dict[str, str]
    versions: list[Version] = field(default_factory=list)


REGISTERED = [
    Registered(
        "pricing-elasticity",
        "How the units of each product react to its price. Read by the **weekly price list**.",
        {"team": "pricing", "reviewer": "jonas"},
        [
            Version("first-elasticities", "2026-11-02 12:00", "Archived", "passed", "A first try."),
            Version(
                "rival-prices",
                "2026-11-03 17:10",
                "Archived",
                "passed",
                "Knows the rival's prices.",
                aliases=("fallback",),
            ),
            Version(
                "week-46",
                "2026-11-10 08:05",
                "Production",
                "passed",
                "In the shop since 12 November.",
                aliases=("champion",),
            ),
            Version(
                "small-sample",
                "2026-11-13 11:00",
                "None",
                "failed",
                "Rejected: it lifts honey above the price ceiling.",
            ),
            Version(
                "week-47",
                "2026-11-17 08:00",
                "Staging",
                "pending",
                "For the next price list, once Jonas has looked at it.",
                aliases=("challenger",),
            ),
        ],
    ),
    Registered(
        "demand-forecaster",
        "Parcels per day for the north. Read by the warehouse's plan at 4 o'clock every morning.",
        {"team": "logistics"},
        [
            Version("north-first-trees", "2026-11-05 12:00", "Archived", "failed", "Too coarse."),
            Version(
                "north-more-trees",
                "2026-11-09 15:00",
                "Production",
                "passed",
                "Twenty trees are enough.",
                aliases=("champion",),
            ),
            Version(
                "north-from-grid",
                "2026-11-12 09:00",
                "Staging",
                "pending",
                "The second best of the grid, and small.",
                aliases=("challenger",),
            ),
        ],
    ),
    Registered(
        "recommender",
        "Scores the products that could be shown below the basket; the **best three** are.",
        {"team": "shop"},
        [
            Version("als-32", "2026-11-04 11:30", "Archived", "passed", "One basket in twenty."),
            Version(
                "towers-64",
                "2026-11-15 09:00",
                "Production",
                "passed",
                "In the shop since 16 November.",
                aliases=("champion",),
            ),
            Version(
                "towers-fresh",
                "2026-11-19 11:00",
                "Staging",
                "passed",
                "One more week of clicks.",
                aliases=("challenger", "canary"),
            ),
        ],
    ),
]


def register(store: Store) -> None:
    """Register the models of the runs above, oldest version first."""
    for model in REGISTERED:
        store.clock.set(moment(model.versions[0].created))
        store.client.create_registered_model(model.name, model.tags, model.description)
        for version in model.versions:
            add_version(store, model.name, version)


def add_version(store: Store, name: str, version: Version) -> None:
    """Register a logged model as the next version."""
    logged = store.logged_models[version.run]
    store.clock.set(moment(version.created))
    number = store.client.create_model_version(
        name,
        f"models:/{logged.model_id}",
        run_id=logged.source_run_id,
        model_id=logged.model_id,
        tags={"validation_status": version.validation},
        description=version.description,
    ).version
    store.clock.set(moment(version.created) + REVIEW)
    if version.stage != "None":
        store.client.transition_model_version_stage(name, number, version.stage)
    for alias in version.aliases:
        store.client.set_registered_model_alias(name, alias, number)
