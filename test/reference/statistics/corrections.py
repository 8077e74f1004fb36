"""Writes corrections.json: Holm's correction by statsmodels."""
import json
from pathlib import Path

from statsmodels.stats.multitest import multipletests

lists = [[0.01], [0.04, 0.01, 0.03], [0.2, 0.2, 0.001, 0.9], [1.0, 1.0, 1.0], [0.005] * 10, [0.0, 0.06, 0.5, 0.011, 0.012]]
holm = [{"in": each, "out": [float(p) for p in multipletests(each, method="holm")[1]]} for each in lists]
Path(__file__).with_suffix(".json").write_text(json.dumps({"holm": holm}, allow_nan=False) + "\n")
