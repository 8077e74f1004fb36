"""Writes resampling.json: BCa and percentile intervals with the very resamples they come from, by SciPy; F1 by scikit-learn."""
import json
from pathlib import Path

import numpy as np
from scipy.stats import bootstrap
from sklearn.metrics import f1_score

rng = np.random.default_rng(3)


def describe(result, percentile):
    return {"resamples": list(np.asarray(result.bootstrap_distribution)), "bca": list(result.confidence_interval),
            "percentile": list(percentile.confidence_interval)}


def both(data, statistic, seed, **options):
    results = [bootstrap(data, statistic, method=method, n_resamples=499, confidence_level=0.9,
                         rng=np.random.default_rng(seed), **options) for method in ("BCa", "percentile")]
    return describe(*results)


means = []
for n, draw in ((12, rng.exponential), (40, rng.normal), (200, lambda size: rng.integers(-1, 2, size=size))):
    differences = np.asarray(draw(size=n), dtype=float).round(4)
    means.append({"differences": list(differences), **both((differences,), np.mean, n)})

label, a, b = rng.integers(0, 2, 150), rng.integers(0, 2, 150), rng.integers(0, 2, 150)
a, b = np.where(rng.random(150) < 0.7, label, a), np.where(rng.random(150) < 0.6, label, b)
difference = lambda l, x, y: f1_score(l, x) - f1_score(l, y)
f1 = {"label": label.tolist(), "candidate": a.tolist(), "baseline": b.tolist(), "difference": difference(label, a, b),
      **both((label, a, b), difference, 5, paired=True, vectorized=False)}
Path(__file__).with_suffix(".json").write_text(json.dumps({"means": means, "f1": f1}, allow_nan=False) + "\n")
