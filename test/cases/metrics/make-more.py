"""Writes the files of this folder that CatBoost, polars, Keras, spaCy, Google Benchmark, R and Go wrote, and more of pandas'.

    python -m venv v && v/bin/pip install catboost pandas tabulate polars scikit-learn keras jax spacy google-benchmark prometheus-client
    v/bin/python make-more.py <folder>     # Rscript with jsonlite, and go, are on the PATH
"""
import json, os, pathlib, shutil, subprocess, sys, tempfile
import numpy as np, pandas as pd

out = pathlib.Path(sys.argv[1]).resolve()
out.mkdir(parents=True, exist_ok=True)
os.chdir(tempfile.mkdtemp())
random = np.random.default_rng(7)
X = random.normal(size=(200, 4))
y = (X[:, 0] + random.normal(size=200) > 0).astype(int)

def catboost_files():
    import catboost
    quiet = {"verbose": False, "thread_count": 1}
    rounds = catboost.cv(
        catboost.Pool(X, y),
        {"iterations": 5, "loss_function": "Logloss", "custom_metric": ["AUC"], "allow_writing_files": False, **quiet},
        fold_count=3,
    )
    rounds.to_csv(out / "catboost-cv.csv", index=False)
    rounds.to_csv(out / "catboost-cv-index.csv")
    rounds.to_json(out / "catboost-cv.json")
    model = catboost.CatBoostClassifier(iterations=6, custom_metric=["AUC", "F1"], train_dir="run", **quiet)
    model.fit(X[:150], y[:150], eval_set=(X[150:], y[150:]))
    shutil.copy("run/catboost_training.json", out / "catboost_training.json")

def pandas_files():
    levels = pd.DataFrame(
        {("mae", "mean"): [1.5, 2.5], ("mae", "std"): [0.1, 0.2], ("auc", "mean"): [0.9, 0.8]},
        index=pd.Index(["poor", "good"], name="group"),
    )
    levels.to_csv(out / "pandas-levels.csv")
    levels.to_json(out / "pandas-levels-split.json", orient="split")
    rows = pd.DataFrame({"model": ["a", "a", "b", "b"], "split": ["train", "test"] * 2, "mae": [1.0, 2.0, 3.0, 4.0]})
    rows.to_csv(out / "pandas-model-split.csv", index=False)
    rows.set_index(["model", "split"]).unstack().to_csv(out / "pandas-unstack.csv")
    rows.pivot(index="split", columns="model", values="mae").to_csv(out / "pandas-pivot.csv")
    long = pd.DataFrame(
        {"metric": ["acc", "f1", "acc", "f1"], "slice": ["", "", "de", "de"], "value": [0.9, 0.8, 0.7, 0.6]}
    )
    long.to_csv(out / "pandas-utf-16.csv", index=False, encoding="utf-16")
    pd.DataFrame({"mae": [2.5], "auc": [0.9]}).to_markdown(out / "pandas-frame.md", index=False)

def polars_files():
    import polars as pl
    pl.DataFrame({"metric": ["mae", "auc"], "value": [2.5, 0.9]}).write_ndjson(out / "polars-long.ndjson")
    wide = pl.DataFrame({"mae": [2.5], "auc": [1e-9]})
    wide.write_csv(out / "polars-decimal-comma.csv", separator=";", decimal_comma=True)
    pl.DataFrame({"mae": [1.0, 2.0], "auc": [0.7, 0.9]}).describe().write_csv(out / "polars-describe.csv")

def prometheus_files():
    import prometheus_client as client
    from prometheus_client.openmetrics.exposition import generate_latest as openmetrics
    registry = client.CollectorRegistry()
    accuracy = client.Gauge("model_accuracy", "acc", ["split"], registry=registry)
    accuracy.labels("test").set(0.93)
    accuracy.labels("val").set(float("nan"))
    client.Histogram("latency_seconds", "l", registry=registry).observe(0.2)
    client.Counter("errors", "e", registry=registry).inc(3)
    client.Gauge("rmse", "r", registry=registry).set(1.25)
    (out / "prometheus-nan-slice.txt").write_bytes(client.generate_latest(registry))
    (out / "openmetrics.txt").write_bytes(openmetrics(registry))

def sklearn_files():
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import classification_report
    guess = LogisticRegression().fit(X[:150], y[:150]).predict(X[150:])
    report = classification_report(y[150:], guess, output_dict=True, target_names=["healthy", "ill"])
    pd.DataFrame(report).T.to_markdown(out / "sklearn-report.md")

def keras_files():
    os.environ["KERAS_BACKEND"] = "jax"
    import keras
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])
    log = keras.callbacks.CSVLogger(str(out / "keras-jax-csvlogger.csv"), separator=";")
    model.fit(X[:150], y[:150], validation_data=(X[150:], y[150:]), epochs=3, verbose=0, callbacks=[log])

def spacy_files():
    import spacy
    from spacy.training import Example
    pipeline = spacy.blank("en")
    classifier = pipeline.add_pipe("textcat")
    for label in "AB":
        classifier.add_label(label)
    cats = {"good day": {"A": 1.0, "B": 0.0}, "bad night": {"A": 0.0, "B": 1.0}}
    examples = [Example.from_dict(pipeline.make_doc(text), {"cats": label}) for text, label in cats.items()]
    pipeline.initialize(lambda: examples)
    (out / "spacy-evaluate.json").write_text(json.dumps(pipeline.evaluate(examples), default=float))

def google_benchmark_files():
    pathlib.Path("bench.py").write_text(
        "import google_benchmark as b\n"
        "@b.register\ndef sum_million(state):\n    while state: sum(range(1000))\n"
        "b.main()\n"
    )
    for name, more in ("google-benchmark", []), ("google-benchmark-repeated", ["--benchmark_repetitions=3"]):
        to = [f"--benchmark_out={out / name}.json", "--benchmark_out_format=json", "--benchmark_min_time=0.01s"]
        subprocess.run([sys.executable, "bench.py", *to, *more], check=True, capture_output=True)

R = """
long <- data.frame(metric=c("RMSE","MAE"), value=c(1.25,0.5)); write.csv2(long, "r-long2.csv", row.names=FALSE)
write.csv(data.frame(RMSE=1.25, Rsquared=0.8, MAE=NA), "r-wide.csv"); library(jsonlite)
write_json(list(rmse=1.25, per_class=list(a=0.5,b=0.25)), "r-list.json")
scores <- data.frame(.metric=c("rmse","rsq"), .estimator="standard", .estimate=c(1.25,0.8))
write.csv(scores, "r-yardstick.csv", row.names=FALSE); write_json(scores, "r-yardstick.json")
tuned <- data.frame(.metric=c("accuracy","roc_auc"), .estimator="binary", mean=c(0.9,0.95), n=c(10L,10L), std_err=c(0.01,0.02), .config="pre0_mod1")
write.csv(tuned, "r-collect_metrics.csv", row.names=FALSE)
"""

def r_files():
    subprocess.run(["Rscript", "-e", R.replace("\n", "; ").strip("; ")], cwd=out, check=True)

GO = """package m
import "testing"
func BenchmarkSum(b *testing.B) { s := 0; for i := 0; i < b.N; i++ { s += i }; _ = s; b.ReportMetric(0.5, "recall") }
func BenchmarkSub(b *testing.B) { b.Run("n=10", func(b *testing.B) { for i := 0; i < b.N; i++ { _ = make([]byte, 10000+i%2) } }) }
"""

def go_files():
    pathlib.Path("go.mod").write_text("module m\ngo 1.20\n")
    pathlib.Path("a_test.go").write_text(GO)
    command = ["go", "test", "-bench=.", "-benchmem", "-benchtime=2000x"]
    (out / "go-bench.txt").write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)

for write in list(globals().values()):
    if getattr(write, "__name__", "").endswith("_files"):
        write()
