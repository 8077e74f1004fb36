"""Writes the files of this folder that are marked with the version of their tool in files.yml.

    python -m venv v && v/bin/pip install scikit-learn pandas dvclive mlflow-skinny optuna codecarbon pytest-benchmark
    v/bin/python make.py <folder>
"""
import json, os, pathlib, shutil, subprocess, sys, tempfile

out = pathlib.Path(sys.argv[1]).resolve()
out.mkdir(parents=True, exist_ok=True)
os.chdir(tempfile.mkdtemp())

def sklearn_report():
    from sklearn.metrics import classification_report
    truth, guess = ["cat", "dog", "dog", "cow", "dog"], ["cat", "dog", "cat", "dog", "dog"]
    report = classification_report(truth, guess, output_dict=True, zero_division=0)
    (out / "sklearn-report.json").write_text(json.dumps(report))
    multi = classification_report([[1, 0], [1, 1]], [[1, 0], [0, 1]], output_dict=True, zero_division=float("nan"))
    (out / "sklearn-report-multilabel.json").write_text(json.dumps(multi))

def pandas_files():
    import pandas as pd
    frame = pd.DataFrame({"mae": [2.6345678901234567], "auc": [0.9]})
    frame.to_csv(out / "pandas-frame.csv")
    frame.to_json(out / "pandas-frame.json")
    frame.to_json(out / "pandas-records.json", orient="records")
    frame.to_json(out / "pandas-split.json", orient="split")
    pd.Series({"mae": 2.6345678901234567, "auc": 0.9}).to_csv(out / "pandas-series.csv")
    pd.Series({"mae": 2.6345678901234567, "auc": 0.9}).to_json(out / "pandas-series.json")
    pd.DataFrame({"mae": [1.0, 2.0, 4.0], "auc": [0.5, 0.7, 0.9]}).describe().to_csv(out / "pandas-describe-real.csv")
    slices = pd.DataFrame({"slice": ["poor", "good"], "mae": [4.5, 2.0]})
    slices.to_csv(out / "pandas-slices.csv")
    frame.to_csv(out / "pandas-excel-german.csv", sep=";", decimal=",", index=False)

def dvclive_files():
    from dvclive import Live
    with Live(dir="dvclive", save_dvc_exp=False, dvcyaml=None, report=None) as live:
        for loss in (0.9, 0.31):
            live.log_metric("train/loss", loss)
            live.next_step()
        live.log_metric("accuracy", 0.87, plot=False)
    shutil.copy("dvclive/metrics.json", out / "dvclive-metrics.json")
    shutil.copy("dvclive/plots/metrics/train/loss.tsv", out / "dvclive-loss.tsv")

def mlflow_files():
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    import mlflow
    mlflow.set_tracking_uri(pathlib.Path("mlruns").resolve().as_uri())
    with mlflow.start_run() as run:
        mlflow.log_param("alpha", 0.5)
        for step, value in enumerate((0.9, 0.5, 0.7)):
            mlflow.log_metric("rmse", value, step=step)
    [file] = pathlib.Path("mlruns").glob("*/*/metrics/rmse")
    shutil.copy(file, out / "mlflow-rmse")
    found = mlflow.get_run(run.info.run_id).to_dictionary()
    (out / "mlflow-run-dictionary.json").write_text(json.dumps(found))

def optuna_files():
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2, n_trials=3)
    study.trials_dataframe().to_csv(out / "optuna-trials.csv", index=False)

def codecarbon_files():
    from codecarbon import OfflineEmissionsTracker
    tracker = OfflineEmissionsTracker(country_iso_code="DEU", output_dir=".", log_level="error")
    tracker.start(); sum(range(1000)); tracker.stop()
    shutil.copy("emissions.csv", out / "codecarbon-emissions.csv")

def pytest_files():
    pathlib.Path("test_speed.py").write_text("def test_sum(benchmark):\n    benchmark(lambda: sum(range(100)))\n")
    subprocess.run([sys.executable, "-m", "pytest", "-q", "--benchmark-json=b.json", "--benchmark-max-time=0.01",
                    "--benchmark-min-rounds=3", "--junitxml=j.xml"], check=True, stdout=subprocess.DEVNULL)
    found = json.loads(pathlib.Path("b.json").read_text())
    found["benchmarks"][0]["stats"].pop("data", None)
    (out / "pytest-benchmark.json").write_text(json.dumps(found))
    shutil.copy("j.xml", out / "pytest-junit.xml")

for make in (sklearn_report, pandas_files, dvclive_files, mlflow_files, optuna_files, codecarbon_files, pytest_files):
    try:
        make()
        print("ok", make.__name__)
    except Exception as error:
        print("failed", make.__name__, repr(error)[:300])
