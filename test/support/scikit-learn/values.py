"""Writes values.json: what scikit-learn computes of known numbers. Run it with a Python that has scikit-learn (1.2 made the values that are committed)."""
import json, pathlib
import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler
from sklearn.utils import murmurhash3_32
from sklearn.utils.class_weight import compute_class_weight

rng = np.random.RandomState(7)
n = 200
labels = rng.randint(0, 2, n)
# Two digits, so that many scores are equal.
scores = np.round(np.clip(0.35 * labels + 0.65 * rng.rand(n), 0, 1), 2)
classes = rng.randint(0, 4, n)
predicted = np.where(rng.rand(n) < 0.6, classes, rng.randint(0, 3, n))
ranked = np.round(rng.rand(n, 4), 3)
truth = 1e4 + 5 * rng.randn(n)
guess = truth + rng.randn(n)
report = m.classification_report(classes, predicted, output_dict=True, zero_division=0)
prob_true, prob_pred = calibration_curve(labels, scores, n_bins=7)  # no score lies between two of these bins
table = np.round(10 * rng.randn(30, 2) + [5, -3], 3)
table[:, 1] *= 100
holes = table.copy()
holes[::7, 0] = np.nan
holes[3::11, 1] = np.nan
cities = np.array(["Oslo", "Bern", "Rome", "Bern", "Oslo", "Čáslav"]).reshape(-1, 1)
words = ["", "a", "ann", "bobby", "Čáslav", "日本語", "rxtensor!"]

def between_bins(bins, count):
    """Scores on the edges of bins. The counts are those of the bins that calibration_curve makes. (NumPy alone made the committed values, by the lines of scikit-learn 1.9.)"""
    at = np.linspace(0, 1, 8) if bins == 7 else np.round(np.arange(count) / (count - 1), 2)
    of = (np.arange(count) * 7 % 5 < 2).astype(int)
    observed, predicted = calibration_curve(of, at, n_bins=bins)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], at))
    return {
        "bins": bins, "labels": of.tolist(), "scores": at.tolist(),
        "observed": observed.tolist(), "predicted": predicted.tolist(), "counts": counts[counts > 0].tolist(),
    }

def rows(array):
    return [[None if np.isnan(x) else float(x) for x in row] for row in array]

values = {
    "version": sklearn.__version__,
    "binary": {
        "labels": labels.tolist(), "scores": scores.tolist(),
        "rocAuc": m.roc_auc_score(labels, scores), "averagePrecision": m.average_precision_score(labels, scores),
        "brier": m.brier_score_loss(labels, scores), "observed": prob_true.tolist(), "predicted": prob_pred.tolist(),
    },
    "calibration": [between_bins(*each) for each in ((10, 101), (5, 21), (3, 11), (7, 8), (1, 3), (20, 201))],
    "classes": {
        "labels": classes.tolist(), "predictions": predicted.tolist(),
        "accuracy": m.accuracy_score(classes, predicted),
        "byClass": [report[str(i)] for i in range(4)], "macro": report["macro avg"], "weighted": report["weighted avg"],
        "confusion": m.confusion_matrix(classes, predicted).tolist(),
        "weights": compute_class_weight("balanced", classes=np.arange(4), y=classes).tolist(),
    },
    "ranked": {
        "labels": classes.tolist(), "scores": ranked.ravel().tolist(),
        "top": [m.top_k_accuracy_score(classes, ranked, k=k) for k in (1, 2, 3)],
    },
    "regression": {
        "labels": truth.tolist(), "predictions": guess.tolist(),
        "mae": m.mean_absolute_error(truth, guess), "mse": m.mean_squared_error(truth, guess),
        "r2": m.r2_score(truth, guess), "maxError": m.max_error(truth, guess),
    },
    "columns": {
        "rows": rows(holes),
        "mean": rows(SimpleImputer(strategy="mean").fit_transform(holes)),
        "median": rows(SimpleImputer(strategy="median").fit_transform(holes)),
        "constant": rows(SimpleImputer(strategy="constant", fill_value=-1).fit_transform(holes)),
        "standardise": rows(StandardScaler().fit_transform(holes)),
        "minMax": rows(MinMaxScaler(feature_range=(-1, 2)).fit_transform(holes)),
        "robust": rows(RobustScaler().fit_transform(holes)),
        "imputedThenStandardised": rows(StandardScaler().fit_transform(SimpleImputer(strategy="median").fit_transform(holes))),
    },
    "words": {
        "cities": cities.ravel().tolist(),
        "ordinal": OrdinalEncoder().fit_transform(cities).ravel().tolist(),
        "oneHot": OneHotEncoder(sparse_output=False).fit_transform(cities).tolist(),
        "categories": OneHotEncoder().fit(cities).categories_[0].tolist(),
        "hashed": [[word, seed, murmurhash3_32(word, seed=seed, positive=True)] for word in words for seed in (0, 42)],
    },
}
pathlib.Path(__file__).with_name("values.json").write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n")
