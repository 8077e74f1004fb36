"""Writes the files of this folder that trackers, evaluators, load tests, R and `print` wrote.

    python -m venv v && v/bin/pip install sacred tensorboardX tbparse pandas utilsforecast pycocotools motmetrics seqeval \
        imbalanced-learn ir-measures coverage pytest asv locust setuptools xgboost-cpu lightgbm dvc mlflow-skinny scikit-learn
    apt-get install r-cran-forecast r-cran-caret r-cran-broom r-cran-jsonlite apache2-utils wrk hyperfine
    go install github.com/tsenart/vegeta/v12@latest golang.org/x/perf/cmd/benchstat@latest
    v/bin/python make-reports.py <folder>     # all of them on the PATH
"""
import contextlib, functools, http.server, io, json, os, pathlib, shutil, subprocess, sys, tempfile, threading
import numpy as np, pandas as pd

out = pathlib.Path(sys.argv[1]).resolve()
out.mkdir(parents=True, exist_ok=True)
os.chdir(tempfile.mkdtemp())
tools = os.path.dirname(sys.executable)
random = np.random.default_rng(11)
QUIET = dict(os.environ, DVC_NO_ANALYTICS="1")
run = lambda *command, **more: subprocess.run(command, capture_output=True, text=True, env=QUIET, **more).stdout

def trackers():
    from sacred import Experiment
    from sacred.observers import FileStorageObserver
    experiment = Experiment("e", save_git_info=False)
    experiment.observers.append(FileStorageObserver("runs"))
    @experiment.main
    def main(_run):
        for step, value in enumerate([0.9, 0.6, 0.4]):
            _run.log_scalar("training.loss", value, step)
        _run.log_scalar("test.accuracy", 0.87)
    experiment.run()
    shutil.copy("runs/1/metrics.json", out / "sacred-metrics.json")
    from tensorboardX import SummaryWriter
    from tbparse import SummaryReader
    writer = SummaryWriter("tb")
    for step, (loss, accuracy) in enumerate([(0.9, 0.5), (0.5, 0.7), (0.6, 0.65)]):
        writer.add_scalar("loss/train", loss, step)
        writer.add_scalar("acc/val", accuracy, step)
    writer.add_scalars("both", {"train": 0.3, "val": 0.4}, 2)
    writer.export_scalars_to_json(str(out / "tensorboardx-all_scalars.json"))
    writer.close()
    SummaryReader("tb").scalars.to_csv(out / "tbparse-long.csv", index=False)
    os.environ["MLFLOW_ALLOW_FILE_STORE"], os.environ["MLFLOW_TRACKING_URI"] = "true", f"file://{os.getcwd()}/mlruns"
    import mlflow
    client = mlflow.MlflowClient()
    started = client.create_run(client.create_experiment("x")).info.run_id
    for step, value in enumerate([0.9, 0.5, 0.6]):
        client.log_metric(started, "val_loss", value, step=step)
    history = [dict(metric) for metric in client.get_metric_history(started, "val_loss")]
    (out / "mlflow-history.json").write_text(json.dumps(history))
    with mlflow.start_run(run_id=started):
        model = mlflow.initialize_logged_model(name="m")
        for step, value in enumerate([0.52, 0.5], 1):
            mlflow.log_metric("rmse", value, model_id=model.model_id, step=step)
    shutil.copy(next(pathlib.Path("mlruns").rglob("models/m-*/metrics/rmse")), out / "mlflow3-model-rmse")

def evaluators():
    from utilsforecast.evaluation import evaluate
    from utilsforecast.losses import mae, rmse
    frame = pd.DataFrame({"unique_id": ["a"] * 4 + ["b"] * 4, "ds": list(range(4)) * 2, "y": [1.0, 2, 3, 4, 2, 4, 6, 8],
                          "naive": [1.0, 1, 2, 3, 2, 2, 4, 6], "arima": [1.1, 2.1, 2.9, 4.2, 2.2, 4.1, 5.9, 8.3]})
    scores = evaluate(frame, metrics=[mae, rmse])
    scores.to_csv(out / "nixtla-evaluate.csv", index=False)
    scores.drop(columns="unique_id").groupby("metric").mean().reset_index().to_csv(out / "nixtla-mean.csv", index=False)
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
    box = lambda i, width, height: [10, 10, width + 5 * i, height]
    truth = COCO()
    truth.dataset = {"info": {}, "images": [{"id": i, "width": 100, "height": 100} for i in range(1, 5)],
                     "categories": [{"id": 1, "name": "x"}],
                     "annotations": [{"id": i, "image_id": i, "category_id": 1, "bbox": box(i, 30, 30), "area": 30 * (30 + 5 * i),
                                      "iscrowd": 0} for i in range(1, 5)]}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        truth.createIndex()
        found = truth.loadRes([{"image_id": i, "category_id": 1, "bbox": [12, 11, 30 + 4 * i, 28], "score": 0.5 + 0.1 * i}
                               for i in range(1, 4)])
        evaluation = COCOeval(truth, found, "bbox")
        evaluation.evaluate(), evaluation.accumulate(), evaluation.summarize()
    lines = [line for line in printed.getvalue().splitlines() if "Average" in line]
    (out / "coco-summary.txt").write_text("\n".join(lines) + "\n")
    import motmetrics as mm
    accumulators = []
    for _ in range(2):
        one = mm.MOTAccumulator(auto_id=True)
        for t in range(5):
            hits = [[0.1, 0.9, 0.5], [0.8, 0.2, np.nan]] if t % 2 else [[0.1, np.nan], [np.nan, 0.3]]
            one.update([1, 2], [1, 2, 3] if t % 2 else [1, 2], np.array(hits))
        accumulators.append(one)
    names = ["num_frames", "mota", "motp", "idf1"]
    summary = mm.metrics.create().compute_many(accumulators, metrics=names, names=["seq1", "seq2"], generate_overall=True)
    (out / "motmetrics.txt").write_text(mm.io.render_summary(summary) + "\n")
    from seqeval.metrics import classification_report as entities
    truth, guess = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "O", "B-PER"]], [["B-PER", "I-PER", "O", "O"], ["B-LOC", "O", "B-LOC"]]
    (out / "seqeval.txt").write_text(entities(truth, guess, digits=4))
    from imblearn.metrics import classification_report_imbalanced as imbalanced
    y = random.integers(0, 2, 60)
    guess = np.where(random.random(60) < 0.8, y, 1 - y)
    (out / "imblearn.json").write_text(json.dumps(imbalanced(y, guess, output_dict=True, target_names=["no", "yes"]), default=float))
    (out / "imblearn.txt").write_text(imbalanced(y, guess, target_names=["no", "yes"]))
    pathlib.Path("qrels").write_text("".join(f"q{i} 0 d{j} {int(j % 3 == 0)}\n" for i in range(5) for j in range(6)))
    order = lambda: enumerate(random.permutation(6))
    pathlib.Path("ranking").write_text("".join(f"q{i} Q0 d{j} {k} {10 - k} run\n" for i in range(5) for k, j in order()))
    (out / "ir_measures.txt").write_text(run(f"{tools}/ir_measures", "qrels", "ranking", "nDCG@10", "AP", "P@5"))

BOOSTER = """
import numpy as np
random = np.random.default_rng(5); X = random.normal(size=(300, 4)); y = (X[:, 0] + random.normal(size=300) > 0) * 1
"""
XGBOOST = """
import xgboost as x
train, valid = x.DMatrix(X[:200], y[:200]), x.DMatrix(X[200:], y[200:])
x.train({"objective": "binary:logistic", "eval_metric": ["logloss", "auc"]}, train, 6, evals=[(train, "train"), (valid, "valid")])
"""
LIGHTGBM = """
import lightgbm as l
l.train({"objective": "binary", "metric": ["auc", "binary_logloss"], "verbose": -1}, l.Dataset(X[:200], y[:200]), 6,
        valid_sets=[l.Dataset(X[200:], y[200:])], callbacks=[l.log_evaluation(2)])
"""

def printed():
    (out / "xgboost.log").write_text(run(sys.executable, "-c", BOOSTER + XGBOOST))
    (out / "lightgbm.log").write_text(run(sys.executable, "-c", BOOSTER + LIGHTGBM))
    from sklearn.metrics import classification_report
    y = random.integers(0, 3, 60)
    report = classification_report(y, np.where(random.random(60) < 0.8, y, (y + 1) % 3))
    scores = f"Accuracy: {0.9125:.2%}\nROC AUC score: {0.95321:.3f}\nMSE={12.5}\n\nConfusion Matrix:\n{np.array([[5, 1], [2, 9]])}\n\n"
    (out / "print-fstring.txt").write_text(f"{scores}{report}\n")
    (out / "print-dict.txt").write_text(str({"accuracy": 0.91, "f1": np.float64(0.87), "n": np.int64(60)}) + "\n")
    frame = pd.DataFrame({"mae": [2.5, 3.1], "auc": [0.91, 0.88]}, index=["ridge", "forest"])
    (out / "pandas-to_string.txt").write_text(frame.to_string() + "\n")
    (out / "series-to_string.txt").write_text(pd.Series({"mae": 2.5, "auc": 0.91}).to_string() + "\n")
    frame.reset_index(names="estimator").to_json(out / "pandas-estimator-lines.jsonl", orient="records", lines=True)

def repository():
    git = lambda *arguments: run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments)
    os.mkdir("repository")
    with contextlib.chdir("repository"):
        git("init", "-q", "."), run(f"{tools}/dvc", "init", "-q")
        os.mkdir("eval")
        pathlib.Path("dvc.yaml").write_text("metrics:\n- metrics.json\n- eval/live.yaml\n")
        pathlib.Path("metrics.json").write_text('{"acc": 0.91, "nested": {"f1": 0.79}}')
        pathlib.Path("eval/live.yaml").write_text("mae: 2.5\n")
        (out / "dvc-metrics-show.json").write_text(run(f"{tools}/dvc", "metrics", "show", "--json"))
        (out / "dvc-metrics-show.md").write_text(run(f"{tools}/dvc", "metrics", "show", "--md"))
        os.mkdir("benchmarks")
        pathlib.Path("benchmarks/__init__.py").touch()
        pathlib.Path("benchmarks/b.py").write_text(
            "class S:\n    def time_sort(self): sorted(range(1000))\n    def track_acc(self): return 0.91\n"
            "    def time_n(self, n): list(range(n))\n    time_n.params = [10, 100]\n")
        settings = {"version": 1, "project": "p", "repo": ".", "environment_type": "existing", "branches": ["HEAD"]}
        pathlib.Path("asv.conf.json").write_text(json.dumps(settings))
        git("add", "-A"), git("commit", "-qm", "a"), run(f"{tools}/asv", "machine", "--yes", "--machine", "m")
        commit = run("git", "rev-parse", "HEAD").strip()
        run(f"{tools}/asv", "run", "--python=same", "--machine", "m", "-a", "sample_time=0.001", "--set-commit-hash", commit)
        result = next(path for path in pathlib.Path("results/m").glob("*.json") if path.name != "machine.json")
        kept = json.loads(result.read_text()) | {"env_name": "e", "python": "3.11", "params": {"machine": "m"}}
        (out / "asv.json").write_text(json.dumps(kept))
        pathlib.Path("a.py").write_text("def f(x):\n    if x:\n        return 1\n    return 2\n")
        pathlib.Path("test_a.py").write_text("import a\ndef test_f(): assert a.f(1) == 1\n")
        run(sys.executable, "-m", "coverage", "run", "--branch", "-m", "pytest", "-q")
        (out / "coverage.txt").write_text(run(sys.executable, "-m", "coverage", "report"))

R = """
suppressMessages({library(forecast); library(caret); library(broom); library(jsonlite)})
set.seed(3)
y <- ts(cumsum(rnorm(60)) + 50, frequency = 12)
a <- accuracy(forecast(ets(window(y, end = c(4, 12))), h = 12), y)
write.csv(a, "r-forecast-accuracy.csv"); write(toJSON(as.data.frame(a), digits = NA), "r-forecast-accuracy.json")
p <- factor(sample(c("a", "b", "c"), 90, TRUE)); q <- p; i <- sample(90, 20); q[i] <- sample(c("a", "b", "c"), 20, TRUE)
cm <- confusionMatrix(q, p)
write.csv(tidy(cm), "r-broom-tidy-cm.csv", row.names = FALSE); sink("r-caret-print.txt"); print(cm); sink()
m <- train(mpg ~ wt + hp, mtcars, method = "lm", trControl = trainControl("cv", 5))
write.csv(m$resample, "r-caret-resample.csv", row.names = FALSE)
write.table(data.frame(model = c("lm", "rf"), RMSE = c(2.5, 2.1), Rsquared = c(.8, .85)), "r-write.table.txt")
"""

class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log_message = lambda *_: None
    def do_GET(self):
        self.send_response(200), self.send_header("Content-Length", "5"), self.end_headers()
        self.wfile.write(b"hello")

def commands():
    run("Rscript", "-e", R, cwd=out)
    run("hyperfine", "-N", "-r", "5", "--export-markdown", out / "hyperfine.md", "sleep 0.01", "sleep 0.02")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    (out / "ab.txt").write_text(run("ab", "-q", "-n", "300", "-c", "4", url))
    (out / "wrk.txt").write_text(run("wrk", "-t1", "-c4", "-d2s", "--latency", url))
    attack = f"echo GET {url} | vegeta attack -duration=1s -rate 50 | vegeta report -type=json"
    (out / "vegeta.json").write_text(subprocess.run(attack, shell=True, capture_output=True, text=True).stdout)
    pathlib.Path("l.py").write_text(
        "from locust import HttpUser, task\nclass U(HttpUser):\n    @task\n    def a(self): self.client.get('/')\n"
        "    @task\n    def b(self): self.client.get('/slow')\n")
    run(f"{tools}/locust", "-f", "l.py", "--headless", "-u", "2", "-t", "3s", "-H", url.rstrip("/"), "--csv", "load")
    shutil.copy("load_stats.csv", out / "locust_stats.csv")
    server.shutdown()
    pathlib.Path("go.mod").write_text("module x\ngo 1.20\n")
    pathlib.Path("a_test.go").write_text(
        'package x\nimport "testing"\nfunc BenchmarkA(b *testing.B) { s := 0; for i := 0; i < b.N; i++ { s += i }; _ = s }\n')
    pathlib.Path("go.txt").write_text(run("go", "test", "-bench", ".", "-benchtime", "20ms", "-count", "6"))
    (out / "benchstat.csv").write_text(run("benchstat", "-format", "csv", "go.txt"))

for write in [trackers, evaluators, printed, repository, commands]:
    write()
