"""The same model as train.mjs, fitted by scikit-learn: it reads and writes the same files with the same numbers."""

import csv
import json
import math
import os
import zlib
from pathlib import Path

import numpy as np
from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import mean_absolute_error, mean_poisson_deviance
from sklearn.preprocessing import StandardScaler

TARGET = "mdvis"
PARAMS = json.loads(Path("params.json").read_text()) | json.loads(os.environ.get("TRAIN_PARAMS") or "{}")

DERIVED = {
    "free_care": lambda row: float(row["lncoins"] == 0),
    "coinsurance_x_diseases": lambda row: row["lncoins"] * row["disea"],
}
SLICES = {
    "excellent-health": lambda row: row["hlthg"] + row["hlthf"] + row["hlthp"] == 0,
    "good-health": lambda row: row["hlthg"] == 1,
    "fair-health": lambda row: row["hlthf"] == 1,
    "poor-health": lambda row: row["hlthp"] == 1,
}


def held_back(cells: dict[str, str]) -> bool:
    """People appear once for each year: rows with equal features go to the same side of the split."""
    features = ",".join(cell for name, cell in cells.items() if name != TARGET)
    return zlib.crc32(features.encode()) % 10 < 3


def inputs(rows: list[dict[str, float]]) -> np.ndarray:
    return np.array([[DERIVED[name](row) if name in DERIVED else row[name] for name in PARAMS["features"]] for row in rows])


def targets(rows: list[dict[str, float]]) -> np.ndarray:
    return np.array([row[TARGET] for row in rows])


def write(file: str, value: object) -> None:
    Path(file).write_text(json.dumps(value, indent=2) + "\n")


train: list[dict[str, float]] = []
test: list[dict[str, float]] = []
with open("data/visits.csv", newline="") as lines:
    for cells in csv.DictReader(lines):
        (test if held_back(cells) else train).append({name: float(cell) for name, cell in cells.items()})

scaler = StandardScaler().fit(inputs(train))
cap = PARAMS["max_visits"]
# scikit-learn adds the penalty to the mean loss, train.mjs to the sum.
model = PoissonRegressor(alpha=PARAMS["l2"] / len(train), solver="newton-cholesky", tol=1e-8)
model.fit(scaler.transform(inputs(train)), np.minimum(targets(train), math.inf if cap is None else cap))

actual = targets(test)
predicted = model.predict(scaler.transform(inputs(test)))
slices = {name: np.array([holds(row) for row in test]) for name, holds in SLICES.items()}

write(
    "metrics.json",
    {
        "mae": round(mean_absolute_error(actual, predicted), 6),
        "poisson_deviance": round(mean_poisson_deviance(actual, predicted), 6),
        "slices": {name: {"mae": round(mean_absolute_error(actual[rows], predicted[rows]), 6)} for name, rows in slices.items()},
    },
)
write(
    "model.json",
    {
        "kind": "poisson-regression",
        "target": TARGET,
        "params": {key: PARAMS[key] for key in ("features", "l2", "max_visits")},
        "intercept": round(float(model.intercept_), 6),
        "features": [
            {"name": name, "mean": round(mean, 6), "deviation": round(deviation, 6), "weight": round(weight, 6)}
            for name, mean, deviation, weight in zip(
                PARAMS["features"], scaler.mean_.tolist(), scaler.scale_.tolist(), model.coef_.tolist(), strict=True
            )
        ],
    },
)
print(f"fitted on {len(train)} rows, measured on {len(test)}")
