"""Writes power.json: the power of one-sided t-tests by SciPy's noncentral t distribution."""
import json
from pathlib import Path

from scipy.stats import nct, t

cases = [
    {"effect": effect, "df": df, "alpha": alpha, "power": float(nct.sf(t.ppf(1 - alpha, df), df, effect))}
    for df in (5, 9, 19.6, 99, 999) for alpha in (0.05, 0.005) for effect in (1, 2.5, 4)
]
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, allow_nan=False) + "\n")
