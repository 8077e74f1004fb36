"""Writes the tables and frames of this folder that pandas, scikit-learn, XGBoost, LightGBM and statsmodels wrote.

    python -m venv v && v/bin/pip install pandas scikit-learn xgboost lightgbm statsmodels
    v/bin/python make-tables.py <folder>
"""
import json, pathlib, shutil, sys, tempfile, warnings
warnings.filterwarnings("ignore")
out = pathlib.Path(tempfile.mkdtemp())
def W(n, t): (out/n).write_text(t)
def J(n, o, **k): W(n, json.dumps(o, **k))
import pandas as pd, numpy as np
F = pd.DataFrame({"mae":[2.5],"auc":[0.9]})
R = pd.DataFrame({"mae":[2.5,3.5],"auc":[0.9,0.8]}, index=["model_a","model_b"])
N2 = pd.DataFrame({"mae":[2.5,3.5],"auc":[0.9,0.8]})
E = pd.DataFrame({"epoch":[0,1,2],"loss":[0.9,0.5,0.4],"val_loss":[1.0,0.7,0.8]})
S = pd.Series({"mae":2.5,"auc":0.9})
for name, fr in dict(one=F, named=R, two=N2, epochs=E).items():
    for o in ("columns","records","index","split","values","table"):
        W(f"pd-{name}-{o}.json", fr.to_json(orient=o))
    W(f"pd-{name}-lines.jsonl", fr.to_json(orient="records", lines=True))
    fr.to_csv(out/f"pd-{name}.csv"); fr.to_csv(out/f"pd-{name}-noindex.csv", index=False); fr.T.to_csv(out/f"pd-{name}-T.csv")
    fr.to_csv(out/f"pd-{name}-tab.tsv", sep="\t")
    W(f"pd-{name}-md.md", fr.to_string())
    J(f"pd-{name}-dict.json", fr.to_dict()); J(f"pd-{name}-dictlist.json", fr.to_dict(orient="list"))
for o in ("index","records","split","table"):
    W(f"pd-series-{o}.json", S.to_json(orient=o))
S.to_csv(out/"pd-series-noheader.csv", header=False); S.rename("value").to_csv(out/"pd-series-named.csv"); S.rename_axis("metric").rename("value").to_csv(out/"pd-series-axis.csv")
S.rename_axis("metric").rename("score").to_csv(out/"pd-series-score.csv")
S.reset_index().to_csv(out/"pd-series-reset.csv", index=False)
S.to_csv(out/"pd-series-sep.csv", sep=";", decimal=",")
pd.DataFrame({"name":["mae","auc"],"score":[2.5,0.9]}).to_csv(out/"pd-name-score.csv", index=False)
pd.DataFrame({"Metric":["MAE","AUC"],"Train":[2.0,0.95],"Test":[2.5,0.9]}).to_csv(out/"pd-metric-train-test.csv", index=False)
pd.DataFrame({"split":["train","test"],"mae":[2.0,2.5],"auc":[0.95,0.9]}).to_csv(out/"pd-split-col.csv", index=False)
pd.DataFrame({"model":["lr","rf"],"mae":[2.0,2.5],"auc":[0.95,0.9]}).to_csv(out/"pd-model-col.csv", index=False)
pd.DataFrame({"model":["lr"],"mae":[2.0],"auc":[0.95]}).to_csv(out/"pd-model-one.csv", index=False)
pd.DataFrame({"class":["cat","dog"],"f1":[0.8,0.7]}).to_csv(out/"pd-class-col.csv", index=False)
pd.DataFrame({"fold":[0,1,2],"mae":[2.0,2.5,2.6]}).to_csv(out/"pd-fold-col.csv", index=False)
pd.DataFrame({"epoch":[1,2,3,1,2],"fold":[0,0,0,1,1],"loss":[2.0,2.5,2.6,1,1]}).to_csv(out/"pd-epoch-fold.csv", index=False)
pd.DataFrame({"epoch":[1,1,1],"split":["train","val","test"],"loss":[2.0,2.5,2.6]}).to_csv(out/"pd-epoch-split.csv", index=False)
pd.DataFrame({"epoch":[1,1,2,2],"split":["train","val","train","val"],"loss":[2.0,2.5,2.6,2.7]}).to_csv(out/"pd-epoch-split2.csv", index=False)
pd.DataFrame({"epoch":[1,2],"loss":[2.0,None],"lr":[0.1,0.01]}).to_csv(out/"pd-epoch-nan.csv", index=False)
pd.DataFrame({"step":[10,20],"metric":["loss","loss"],"value":[2.0,1.0]}).to_csv(out/"pd-long-steps.csv", index=False)
pd.DataFrame({"date":["2026-01-01","2026-01-02"],"mae":[1,2]}).to_csv(out/"pd-date.csv", index=False)
pd.DataFrame({"mae":[1.0,2,4],"auc":[.5,.7,.9]}).describe().to_json(out/"pd-describe.json")
pd.DataFrame({"mae":[1.0,2,4],"auc":[.5,.7,.9]}).agg(["mean","std"]).to_csv(out/"pd-agg.csv")
pd.DataFrame({"mae":[1.0,2,4],"auc":[.5,.7,.9]}).mean().to_json(out/"pd-mean.json")
pd.DataFrame({"mae":[1.0,2,4]}).describe().T.to_csv(out/"pd-describe-T.csv")
g = pd.DataFrame({"city":["a","a","b"],"y":[1,2,3],"err":[.1,.2,.3]}).groupby("city").agg({"err":["mean","std"]})
g.to_csv(out/"pd-multicol.csv"); g.to_json(out/"pd-multicol.json")
gi = pd.DataFrame({"city":["a","a","b"],"kind":["x","y","x"],"mae":[1.,2,3]}).set_index(["city","kind"]); gi.to_csv(out/"pd-multiindex.csv"); gi.to_json(out/"pd-multiindex.json")
pd.DataFrame({"city":["a","b"],"mae":[1.,2]}).groupby("city").mean().to_csv(out/"pd-groupby.csv")
pd.DataFrame({"mae":["2,5"],"auc":["90 %"]}).to_csv(out/"pd-texts.csv", index=False)
pd.DataFrame({"mae":["1,234.50"],"auc":["0.9"]}).to_csv(out/"pd-thousand.csv", index=False)
pd.DataFrame({"mae":[1234567.125]}).to_csv(out/"pd-eu.csv", sep=";", decimal=",", index=False)
F.to_csv(out/"pd-utf16.csv", encoding="utf-16", index=False); F.to_csv(out/"pd-bom.csv", encoding="utf-8-sig", index=False)
F.to_csv(out/"pd-float.csv", float_format="%.3e", index=False); F.to_csv(out/"pd-pipe.csv", sep="|", index=False); F.to_csv(out/"pd-space.txt", sep=" ", index=False)
pd.DataFrame({"loss":[.9,.5],"val_loss":[1.,.7],"learning_rate":[.1,.01]}).to_csv(out/"keras-frame-lr.csv")
pd.DataFrame({"loss":[.9,.5],"val_loss":[1.,.7]}).to_csv(out/"keras-frame.csv")
pd.DataFrame({"loss":[.9,.5],"val_loss":[1.,.7]}).to_json(out/"keras-frame.json")
J("keras-lr.json", {"loss":[.9,.5],"val_loss":[1.,.7],"lr":[.1,.01]})
J("keras-evaluate.json", {"accuracy":.9,"loss":.3}); J("keras-evaluate-list.json", [.3,.9])
J("cm.json", {"accuracy":.9,"confusion_matrix":[[5,1],[0,4]]}); J("np-cm.json", [[5,1],[0,4]])
# sklearn
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_validate, cross_val_score, GridSearchCV, learning_curve
from sklearn.metrics import classification_report, roc_curve, precision_recall_fscore_support, confusion_matrix
X,y = make_classification(200, random_state=0); m = LogisticRegression().fit(X,y); p=m.predict(X)
rep = classification_report(y,p,output_dict=True)
J("sk-report.json", rep); pd.DataFrame(rep).to_csv(out/"sk-report.csv"); pd.DataFrame(rep).T.to_csv(out/"sk-report-T.csv"); pd.DataFrame(rep).T.to_json(out/"sk-report-T.json"); pd.DataFrame(rep).to_json(out/"sk-report-frame.json")
W("sk-report.txt", classification_report(y,p))
J("sk-report-nested.json", {"accuracy":.9, "report":rep})
J("sk-report-noavg.json", classification_report(y,p,output_dict=True,labels=[1]))
J("sk-report-names.json", classification_report(y,p,output_dict=True,target_names=["macro","accuracy x"]))
cv = cross_validate(LogisticRegression(),X,y,scoring=["accuracy","f1"]); 
J("sk-cv.json", {k:v.tolist() for k,v in cv.items()}); pd.DataFrame(cv).to_csv(out/"sk-cv.csv"); pd.DataFrame(cv).to_csv(out/"sk-cv-noindex.csv", index=False); pd.DataFrame(cv).mean().to_csv(out/"sk-cv-mean.csv")
J("sk-cvscore.json", {"scores":cross_val_score(m,X,y).tolist(),"mean":.87,"std":.02})
gs = GridSearchCV(LogisticRegression(),{"C":[.1,1,10]}).fit(X,y); pd.DataFrame(gs.cv_results_).to_csv(out/"sk-grid.csv"); pd.DataFrame(gs.cv_results_).to_csv(out/"sk-grid-noindex.csv", index=False); pd.DataFrame(gs.cv_results_).drop(columns="params").to_json(out/"sk-grid.json"); pd.DataFrame(gs.cv_results_).to_json(out/"sk-grid-rec.json", orient="records")
J("sk-grid-dict.json", {k:(v.tolist() if hasattr(v,"tolist") else v) for k,v in gs.cv_results_.items()})
gs2 = GridSearchCV(LogisticRegression(),{"C":[.1,1,10]},scoring=["accuracy","f1"],refit="f1").fit(X,y); pd.DataFrame(gs2.cv_results_).to_csv(out/"sk-grid2.csv")
J("sk-best.json", {"best_score_":gs.best_score_,"best_params_":gs.best_params_})
g1 = GridSearchCV(LogisticRegression(),{"C":[1]}).fit(X,y); pd.DataFrame(g1.cv_results_).to_csv(out/"sk-grid-1.csv")
fpr,tpr,t = roc_curve(y,m.predict_proba(X)[:,1]); pd.DataFrame({"fpr":fpr,"tpr":tpr,"threshold":t}).to_csv(out/"sk-roc.csv", index=False); J("sk-roc.json", {"auc":.9,"fpr":fpr.tolist(),"tpr":tpr.tolist()})
prf = precision_recall_fscore_support(y,p); J("sk-prf.json", [a.tolist() for a in prf])
lc = learning_curve(LogisticRegression(),X,y); J("sk-lc.json", {"train_sizes":lc[0].tolist(),"train_scores":lc[1].tolist(),"test_scores":lc[2].tolist()})
pd.DataFrame({"feature":["a","b"],"importance":[.7,.3]}).to_csv(out/"sk-imp.csv", index=False)
J("sk-imp.json", {"a":.7,"b":.3})
pd.DataFrame(confusion_matrix(y,p)).to_csv(out/"sk-cm.csv"); pd.DataFrame(confusion_matrix(y,p),index=["cat","dog"],columns=["cat","dog"]).to_csv(out/"sk-cm-named.csv")
pd.DataFrame({"id":[1,2],"label":[0,1],"prediction":[0,1]}).to_csv(out/"preds.csv", index=False)
# boosters
import lightgbm as lgb, xgboost as xgb
ev={}; lgb.train({"objective":"binary","metric":["auc","binary_logloss"],"verbose":-1}, lgb.Dataset(X,y), 5, valid_sets=[lgb.Dataset(X,y)], callbacks=[lgb.record_evaluation(ev)]); J("lgb-ev.json", ev)
ev={}; lgb.train({"objective":"binary","metric":"auc","verbose":-1}, lgb.Dataset(X,y), 5, valid_sets=[lgb.Dataset(X,y)],valid_names=["my holdout"], callbacks=[lgb.record_evaluation(ev)]); J("lgb-ev-name.json", ev)
J("lgb-cv.json", lgb.cv({"objective":"binary","metric":"auc","verbose":-1}, lgb.Dataset(X,y), 5)); pd.DataFrame(lgb.cv({"objective":"binary","metric":"auc","verbose":-1}, lgb.Dataset(X,y), 5)).to_csv(out/"lgb-cv.csv", index=False)
ev={}; d=xgb.DMatrix(X,y); xgb.train({"objective":"binary:logistic","eval_metric":["auc","logloss"]}, d, 5, evals=[(d,"train"),(d,"eval")], evals_result=ev, verbose_eval=False); J("xgb-ev.json", ev)
xgb.cv({"objective":"binary:logistic"}, d, 5).to_csv(out/"xgb-cv.csv"); xgb.cv({"objective":"binary:logistic"}, d, 5).to_csv(out/"xgb-cv-noindex.csv", index=False); xgb.cv({"objective":"binary:logistic"}, d, 5).to_json(out/"xgb-cv.json")
ev={}; xgb.train({"objective":"binary:logistic","eval_metric":["auc"]}, d, 1, evals=[(d,"train")], evals_result=ev, verbose_eval=False); J("xgb-ev-1.json", ev)
bst = xgb.train({"objective":"binary:logistic"}, d, 2); bst.save_model(out/"xgb-model.json"); bst.dump_model(out/"xgb-dump.json", dump_format="json")
import statsmodels.api as sm
r = sm.OLS(y,X[:,:3]).fit(); W("sm-summary.csv", r.summary().as_csv()); r.summary2().tables[1].to_csv(out/"sm-coef.csv"); W("sm-summary.txt", r.summary().as_text()); r.params.__class__ 

# Only what is a case, under the name that it has there.
names = {"pd-": "pandas-", "sk-": "sklearn-", "lgb-": "lightgbm-", "xgb-": "xgboost-", "sm-": "statsmodels-"}
here, target = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
for file in out.iterdir():
    short = next((prefix for prefix in names if file.name.startswith(prefix)), "")
    rest = file.name[len(short):]
    for name in (names.get(short, "") + rest, names.get(short, "") + "2-" + rest):
        if (here / name).exists() and f'"file":"{name}"' in (here / "files.yml").read_text():
            shutil.copy(file, target / name)
