"""Writes ranking.json: areas by scikit-learn, DeLong's variance from its definition over all pairs, clustered errors by statsmodels.

R's pROC was not at hand; the definition over all pairs of a positive and a negative case is what its roc.test computes too.
"""
import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(11)


def components(positive, scores):
    x, y = scores[positive][:, None], scores[~positive][None, :]
    kernel = (x > y) + 0.5 * (x == y)
    return kernel.mean(axis=1), kernel.mean(axis=0)


areas = []
for n, digits in ((30, 6), (200, 1), (500, 2)):
    positive = rng.random(n) < 0.4
    a = (positive * 1.0 + rng.normal(size=n)).round(digits)
    b = (positive * 0.8 + 0.5 * a + rng.normal(size=n)).round(digits)
    (pa, na), (pb, nb) = components(positive, a), components(positive, b)
    variance = np.var(pa - pb, ddof=1) / positive.sum() + np.var(na - nb, ddof=1) / (~positive).sum()
    difference = roc_auc_score(positive, a) - roc_auc_score(positive, b)
    half = norm.ppf(0.975) * variance**0.5
    areas.append({"positive": positive.tolist(), "candidate": a.tolist(), "baseline": b.tolist(),
                  "areas": [roc_auc_score(positive, a), roc_auc_score(positive, b)],
                  "pLower": norm.cdf(difference / variance**0.5), "interval": [difference - half, difference + half]})

clustered = []
for n, groups in ((60, 12), (300, 25)):
    cluster = rng.integers(0, groups, n)
    values = (rng.normal(size=groups)[cluster] + rng.normal(size=n) - 0.3).round(5)
    fit = sm.OLS(values, np.ones(n)).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    clustered.append({"values": values.tolist(), "clusters": [str(c) for c in cluster], "mean": float(fit.params[0]),
                      "interval": [float(end) for end in fit.conf_int(0.05)[0]], "p": float(fit.pvalues[0])})
Path(__file__).with_suffix(".json").write_text(json.dumps({"areas": areas, "clustered": clustered}, allow_nan=False) + "\n")
