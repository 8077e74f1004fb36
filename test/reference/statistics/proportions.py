"""Writes proportions.json: Wilson, Newcombe, pooled z-test and exact McNemar by statsmodels and SciPy; Tango by bisection here."""
import json
from math import log, sqrt
from pathlib import Path

from scipy.optimize import brentq, minimize_scalar
from scipy.stats import binomtest, norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

wilson = [
    {"share": k / n, "n": n, "confidence": c, "out": list(proportion_confint(k, n, alpha=1 - c, method="wilson"))}
    for k, n in ((0, 10), (10, 10), (3, 17), (450, 500), (9000, 10000)) for c in (0.9, 0.95, 0.99)
]

two = []
for (a, n), (b, m) in (((80, 100), (90, 100)), ((1, 40), (0, 35)), ((890, 1000), (905, 1000)), ((120, 150), (300, 500))):
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff", alpha=0.05)
    two.append({
        "candidate": {"share": a / n, "n": n}, "baseline": {"share": b / m, "n": m}, "interval": [low, high],
        "pLower": proportions_ztest([a, b], [n, m], alternative="smaller")[1],
        "pHigher": proportions_ztest([a, b], [n, m], alternative="larger")[1],
    })


def score(n, gained, lost, difference):
    """The score statistic with the restricted likelihood maximised by a general optimiser, not by the closed formula."""
    if difference in (-1, 1):
        return float("inf") if difference < 0 else float("-inf")
    low, high = max(0, -difference), (1 - difference) / 2

    def minus_log_likelihood(p):
        terms = ((gained, p + difference), (lost, p), (n - gained - lost, 1 - 2 * p - difference))
        return -sum(count * (log(share) if share > 0 else -1e6) for count, share in terms if count)

    found = minimize_scalar(minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-13})
    variance = n * (2 * found.x + difference * (1 - difference))
    return (gained - lost - n * difference) / sqrt(variance)


paired = []
for n, gained, lost in ((100, 5, 12), (1000, 31, 29), (50, 1, 9), (500, 40, 10)):
    z = norm.ppf(0.975)
    estimate = (gained - lost) / n
    paired.append({
        "counts": {"n": n, "gained": gained, "lost": lost},
        "pLower": binomtest(lost, gained + lost, 0.5, alternative="greater").pvalue,
        "pHigher": binomtest(gained, gained + lost, 0.5, alternative="greater").pvalue,
        "interval": [brentq(lambda d: score(n, gained, lost, d) - z, -0.9, estimate - 1e-9, xtol=1e-12),
                     brentq(lambda d: score(n, gained, lost, d) + z, estimate + 1e-9, 0.9, xtol=1e-12)],
    })

Path(__file__).with_suffix(".json").write_text(json.dumps({"wilson": wilson, "two": two, "paired": paired}, allow_nan=False) + "\n")
