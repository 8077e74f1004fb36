import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KNOWN_DIRECTIONS } from "./known-directions.ts";
import { guessDirection } from "./metric-direction.ts";

test("at least 150 names are known, and none in both directions", () => {
  expect(KNOWN_DIRECTIONS.size).toBeGreaterThanOrEqual(300);
});

// As scikit-learn, Keras, Lightning, lm-eval, Hugging Face, Ultralytics, XGBoost, W&B and others write them.
test.each([
  "accuracy",
  "val_accuracy",
  "valAccuracy",
  "eval/accuracy",
  "test.acc",
  "acc,none",
  "acc_norm,none",
  "exact_match,strict-match",
  "top1_acc",
  "top-5-accuracy",
  "metrics/mAP50-95(B)",
  "metrics/precision(B)",
  "F1Score",
  "macro avg.f1-score",
  "f1_macro",
  "f1/weighted",
  "roc_auc",
  "ROC AUC",
  "auroc",
  "val_auc_3",
  "R2",
  "r²",
  "test_r2_score",
  "recall@10",
  "ndcg_at_10",
  "NDCG@5",
  "hits@1",
  "pass@1",
  "rouge-l",
  "rougeL",
  "rouge1",
  "bleu",
  "eval_bleu",
  "chrF++",
  "mean_iou",
  "mIoU",
  "dice_score",
  "matthews_corrcoef",
  "spearmanr",
  "neg_mean_absolute_error",
  "neg_log_loss",
  "mean_reward",
  "rollout/ep_rew_mean",
  "win_rate",
  "tokens_per_second",
  "train_samples_per_second",
  "c_index",
  "imagenet_top1_accuracy",
])("%s: higher is better", (name) => {
  expect(guessDirection(name)).toBe("higher");
});

test.each([
  "loss",
  "val_loss",
  "valLoss",
  "train/loss",
  "eval_loss",
  "hamming_loss",
  "mae",
  "MAE",
  "neg_r2",
  "test-rmse",
  "RMSE",
  "mean_absolute_error",
  "rmsle",
  "sMAPE",
  "perplexity",
  "word_perplexity,none",
  "bits_per_byte,none",
  "log_loss",
  "validation-logloss",
  "brier_score",
  "ece",
  "WER",
  "cer",
  "FID",
  "fpr",
  "false_positive_rate",
  "error_rate",
  "top1_error",
  "latency_ms",
  "latency_p95",
  "p99_latency_ms",
  "inference_time_s",
  "train_runtime",
  "peak_memory_mb",
  "model_size_mb",
  "cost_usd",
  "poisson_deviance",
  "demographic_parity_difference",
  "val_loss_mean",
  "toxicity",
  "hallucination_rate",
  "nll",
  "kl_divergence",
  "bpb",
  "ttft_ms",
])("%s: lower is better", (name) => {
  expect(guessDirection(name)).toBe("lower");
});

test.each([
  "rows_trained",
  "epoch",
  "step",
  "lr",
  "learning_rate",
  "support",
  "macro avg.support",
  "accuracy_std",
  "acc_stderr,none",
  "accuracy_drop",
  "loss_scale",
  "threshold",
  "score",
  "n",
  "params",
  "num_parameters",
  "temperature",
  "f1_difference",
  "",
  "@",
  "42",
  "loss_weight",
  "grad_norm",
  "batch_size",
  "seed",
  "bias",
  "size",
  "time_steps",
  "accuracy_threshold",
  "mae_count",
])("%j says nothing about it", (name) => {
  expect(guessDirection(name)).toBeUndefined();
});

describe("any name", () => {
  test("has the direction of its last words, whatever stands before them", () => {
    const prefix = fc.stringMatching(/^(?:[a-z]{1,6}[_/ -]){0,3}$/);
    const known = fc.constantFrom("accuracy", "roc_auc", "val_loss", "rmse");
    fc.assert(fc.property(prefix, known, (before, name) => guessDirection(before + name) === guessDirection(name)));
    expect(guessDirection("x_y_accuracy")).toBe("higher");
  });

  test("is looked up without failing, in linear time", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => void guessDirection(name)));
    expect(guessDirection("a_".repeat(200))).toBeUndefined();
  });
});
