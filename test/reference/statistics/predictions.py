"""Writes predictions.json: two files of predictions and the metrics that scikit-learn computes from them."""
import json
from pathlib import Path

import numpy as np
from sklearn import metrics as m

rng = np.random.default_rng(21)
n = 300
label = rng.integers(0, 2, n)
weight = rng.integers(1, 5, n)


def predict(skill):
    score = np.clip(label * skill + rng.normal(0.3, 0.25, n), 0.01, 0.99).round(3)
    return score, (score > 0.5).astype(int)


def describe(score, prediction, w=None):
    return {
        "accuracy": m.accuracy_score(label, prediction, sample_weight=w),
        "f1": m.f1_score(label, prediction, sample_weight=w),
        "precision": m.precision_score(label, prediction, sample_weight=w),
        "recall": m.recall_score(label, prediction, sample_weight=w),
        "macro-f1": m.f1_score(label, prediction, average="macro", sample_weight=w),
        "brier": m.brier_score_loss(label, score, sample_weight=w),
        "log-loss": m.log_loss(label, score, sample_weight=w),
        "mae": m.mean_absolute_error(label, prediction, sample_weight=w),
        "rmse": m.root_mean_squared_error(label, prediction, sample_weight=w),
        **({"auc": m.roc_auc_score(label, score)} if w is None else {}),
    }


def to_csv(score, prediction, weighted):
    head = "id,label,prediction,score" + (",weight" if weighted else "")
    rows = [f"q{i},{label[i]},{prediction[i]},{score[i]}" + (f",{weight[i]}" if weighted else "") for i in range(n)]
    return "\n".join([head, *rows]) + "\n"


sides = [predict(0.35), predict(0.45)]
cases = []
for weighted in (False, True):
    files = [to_csv(*side, weighted) for side in sides]
    values = [describe(*side, weight if weighted else None) for side in sides]
    cases.append({"name": "weighted" if weighted else "plain", "candidate": files[0], "baseline": files[1],
                  "values": {key: [float(value[key]) for value in values] for key in values[0]}})
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, allow_nan=False) + "\n")
