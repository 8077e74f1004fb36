"""Writes means.json: Welch, paired t and the paired permutation test by SciPy."""
import json
from pathlib import Path

import numpy as np
from scipy.stats import permutation_test, ttest_ind, ttest_rel

rng = np.random.default_rng(7)
pairs = [
    ([0.91, 0.92, 0.905], [0.93, 0.925, 0.935, 0.94]),
    ([1, 2], [5, 9]),
    (list(rng.normal(0.8, 0.01, 5)), list(rng.normal(0.81, 0.03, 8))),
    (list(rng.normal(100, 1, 30)), list(rng.normal(100, 2, 40))),
]
welch = []
for a, b in pairs:
    low, high = ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    welch.append({
        "candidate": a, "baseline": b, "interval": [low, high],
        "pLower": ttest_ind(a, b, equal_var=False, alternative="less").pvalue,
        "pHigher": ttest_ind(a, b, equal_var=False, alternative="greater").pvalue,
    })
paired = []
for n in (2, 5, 11):
    a, b = rng.normal(0.8, 0.05, n).round(3), rng.normal(0.81, 0.05, n).round(3)
    low, high = ttest_rel(a, b).confidence_interval(0.95)
    exact = [permutation_test((a - b,), lambda d: d.sum(), permutation_type="samples", vectorized=False,
                              n_resamples=np.inf, alternative=side).pvalue for side in ("less", "greater")]
    paired.append({
        "differences": list(a - b), "interval": [low, high], "exact": exact,
        "pLower": ttest_rel(a, b, alternative="less").pvalue,
        "pHigher": ttest_rel(a, b, alternative="greater").pvalue,
    })
Path(__file__).with_suffix(".json").write_text(json.dumps({"welch": welch, "paired": paired}, allow_nan=False) + "\n")
