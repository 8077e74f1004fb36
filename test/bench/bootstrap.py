"""Milliseconds that SciPy's BCa bootstrap takes for what test/bench/bootstrap.ts measures: `python test/bench/bootstrap.py`."""
import os

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{name}_NUM_THREADS"] = "1"
from statistics import median
from time import perf_counter

import numpy as np
from scipy.stats import bootstrap

rng = np.random.default_rng(1)
for n in (1000, 10_000):
    values = rng.random(n) - 0.49
    times = []
    for _ in range(3):
        started = perf_counter()
        bootstrap((values,), np.mean, method="BCa", n_resamples=9999, batch=1000 if n > 1000 else None, rng=rng)
        times.append((perf_counter() - started) * 1000)
    print(f"mean of {n} differences: {median(times):.1f} ms")
