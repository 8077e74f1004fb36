"""Writes drift.json: two-sample Kolmogorov-Smirnov, chi-square and Jensen-Shannon by SciPy, and the tails they need."""
import json
from pathlib import Path

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.special import gammaincc, kolmogorov
from scipy.stats import chi2_contingency, ks_2samp

rng = np.random.default_rng(11)
samples = [
    ([1.0], [2.0]),
    ([1, 2, 3, 4], [1, 2, 3, 4]),
    ([1, 1, 2, 2, 5], [1, 3, 3, 5, 5, 5, 9]),
    (rng.normal(0, 1, 40).round(3), rng.normal(0.4, 1, 35).round(3)),
    (rng.normal(0, 1, 300).round(4), rng.normal(0, 2, 200).round(4)),
    (rng.integers(0, 6, 120), rng.integers(0, 6, 90)),
    (rng.normal(0, 1, 150).round(4), rng.normal(3, 1, 150).round(4)),
]
exact = []
for a, b in samples:
    result = ks_2samp(a, b, method="exact")
    exact.append({"candidate": [float(x) for x in a], "baseline": [float(x) for x in b],
                  "distance": float(result.statistic), "p": float(result.pvalue)})

tables = [
    ([10, 20, 30], [12, 18, 33]),
    ([1, 0, 5], [2, 0, 1]),
    ([100000, 3, 250], [99000, 30, 200]),
    ([7, 7], [7, 7]),
    ([500, 1, 1, 1], [1, 500, 1, 1]),
]
chi = []
for a, b in tables:
    kept = [(x, y) for x, y in zip(a, b) if x + y > 0]
    result = chi2_contingency(np.array(kept).T, correction=False)
    chi.append({"candidate": a, "baseline": b, "statistic": float(result.statistic), "freedom": int(result.dof),
                "p": float(result.pvalue), "smallestExpected": float(result.expected_freq.min()),
                "jensenShannon": float(jensenshannon(a, b, base=2))})

gamma = [{"in": [a, x], "out": float(gammaincc(a, x))}
         for a in (0.5, 1, 1.5, 3, 10, 49.5, 1000) for x in (0.01 * a, 0.5 * a, a, a + 1, 1.5 * a, 3 * a, 6 * a)]
limit = [{"in": [x], "out": float(kolmogorov(x))} for x in (0.2, 0.5, 0.9, 1.1, 1.18, 1.36, 2, 3.3, 5)]
Path(__file__).with_suffix(".json").write_text(json.dumps(
    {"exact": exact, "tables": chi, "incompleteGammaAbove": gamma, "kolmogorovAbove": limit}, allow_nan=False) + "\n")
