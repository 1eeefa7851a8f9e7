"""The two data files of the demo: weekly sales of a coffee shop, daily demand of its regions."""

from pathlib import Path

import numpy as np
import pandas as pd

SALES_WEEKS = 104
DEMAND_DAYS = 400

# product: (usual price in EUR, units in a usual week, price elasticity, strength of the season)
PRODUCTS = {
    "espresso": (14.90, 320, -2.2, 0.02),
    "filter_coffee": (11.50, 410, -1.7, 0.04),
    "green_tea": (7.20, 150, -0.6, 0.10),
    "oat_milk": (2.40, 690, -1.3, 0.02),
    "cocoa": (6.80, 120, -0.4, 0.30),
    "honey": (8.50, 90, -1.9, 0.12),
}

# region: (parcels on a usual day, parcels more per degree below 15, share that weekends lose)
REGIONS = {
    "north": (230, 3.1, 0.32),
    "south": (180, 1.4, 0.18),
    "islands": (60, 0.4, 0.05),
}


def write_data(folder: Path) -> None:
    """Write sales.csv and demand.csv into the folder, the same ones every time."""
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(20261120)
    pd.concat(product_sales(name, rng) for name in PRODUCTS).sort_values(
        ["week", "product"]
    ).to_csv(folder / "sales.csv", index=False)
    pd.concat(region_demand(name, rng) for name in REGIONS).to_csv(
        folder / "demand.csv", index=False
    )


def product_sales(product: str, rng: np.random.Generator) -> pd.DataFrame:
    """Weekly sales of one product: units follow its price, promotions, a rival and the season."""
    usual_price, usual_units, elasticity, season = PRODUCTS[product]
    weeks = np.arange(SALES_WEEKS)
    promo = rng.random(SALES_WEEKS) < 0.12
    price_move = rng.normal(0, 0.07, SALES_WEEKS) - 0.1 * promo
    rival_gap = rng.normal(0, 0.06, SALES_WEEKS)
    # The rival closes its shop during the last half year, so its price stops to matter.
    rival_effect = np.where(weeks < SALES_WEEKS - 30, 1.6, -0.4)
    log_units = (
        np.log(usual_units)
        + elasticity * price_move
        + 0.25 * promo
        + rival_effect * rival_gap
        + season * np.cos(2 * np.pi * weeks / 52)
        + rng.normal(0, 0.09, SALES_WEEKS)
    )
    price = usual_price * np.exp(price_move)
    return pd.DataFrame(
        {
            "week": pd.date_range("2024-11-04", periods=SALES_WEEKS, freq="W-MON").date,
            "product": product,
            "price": price.round(2),
            "rival_price": (price * np.exp(rival_gap)).round(2),
            "promo": promo.astype(int),
            "units": np.exp(log_units).round().astype(int),
        }
    )


def region_demand(region: str, rng: np.random.Generator) -> pd.DataFrame:
    """Daily parcels of one region: cold weather brings more, weekends and holidays fewer."""
    usual, per_degree, weekend_loss = REGIONS[region]
    dates = pd.date_range("2025-10-12", periods=DEMAND_DAYS)
    season = -np.cos(2 * np.pi * (dates.day_of_year.to_numpy() - 20) / 365)
    temperature = 11 + 9 * season + rng.normal(0, 2.5, DEMAND_DAYS)
    holiday = rng.random(DEMAND_DAYS) < 0.03
    factor = (1 - weekend_loss * (dates.day_of_week >= 5)) * (1 - 0.4 * holiday)
    parcels = (usual + per_degree * np.maximum(15 - temperature, 0)) * factor
    return pd.DataFrame(
        {
            "date": dates.date,
            "region": region,
            "temperature": temperature.round(1),
            "holiday": holiday.astype(int),
            "parcels": rng.poisson(parcels),
        }
    )
