# Values of NumPy, for the specs of src/ops/arrays: `python3 test/support/numpy/arrays.py > test/support/numpy/arrays.json`.
import json

import numpy as np

random = np.random.default_rng(20)


def drawn(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32).astype(np.float64)


METHODS = (
    "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear "
    "median_unbiased normal_unbiased lower higher nearest midpoint"
).split()
# float64 has these, and their products with small integers, exactly: no index is rounded across an integer.
QS = [0, 0.0625, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.9375, 1]


def quantiles(n):
    x = drawn(n)
    return {
        "x": x.tolist(),
        "methods": {method: np.quantile(x, QS, method=method).tolist() for method in METHODS},
    }


def histogram(x, weights=None, **options):
    counts, edges = np.histogram(x, weights=weights, **options)
    # A bin without width has no density: NumPy divides 0 by 0.
    with np.errstate(invalid="ignore"):
        density = np.histogram(x, weights=weights, density=True, **options)[0]
    return {
        "x": np.asarray(x).tolist(),
        "weights": None if weights is None else weights.tolist(),
        "bins": options["bins"],
        "range": options.get("range"),
        "counts": counts.tolist(),
        "edges": edges.tolist(),
        "density": [None if np.isnan(each) else each for each in density.tolist()],
    }


a, b = drawn(2, 3), drawn(4, 2)
c, d = drawn(2, 1, 3), drawn(3)
plane = drawn(3, 4, 5)
x, weights = drawn(40), np.abs(drawn(40))
places = random.integers(0, 24, (2, 5))
print(
    json.dumps(
        {
            "numpy": np.__version__,
            "qs": QS,
            "quantiles": [quantiles(n) for n in (1, 2, 3, 4, 7, 8, 16)],
            "plane": plane.tolist(),
            "planeQuantiles": np.quantile(plane, [0.25, 0.7], axis=(0, 2)).tolist(),
            "planeQuantile": np.quantile(plane, 0.3, axis=1, keepdims=True).tolist(),
            "histograms": [
                histogram(x, bins=7),
                histogram(x, bins=5, range=(-0.5, 0.5)),
                histogram(x, bins=[-1, -0.5, -0.5, 0.25, 1]),
                histogram(x, weights, bins=6),
                histogram([2.0, 2.0, 2.0], bins=4),
                histogram([0.0, 0.25, 0.5, 0.75, 1.0, 1.25], bins=4, range=(0, 1)),
            ],
            "kron": {"a": a.tolist(), "b": b.tolist(), "product": np.kron(a, b).tolist()},
            "kronOfRanks": {"a": plane.tolist(), "b": d.tolist(), "product": np.kron(plane, d).tolist()},
            "cross": {"a": c.tolist(), "b": a.tolist(), "product": np.cross(c, a).tolist()},
            "crossOfAxis": {
                "a": plane.tolist(),
                "b": plane[:, ::-1].tolist(),
                "product": np.cross(plane, plane[:, ::-1], axis=0).tolist(),
            },
            "rolls": [
                {"shift": shift, "axis": axis, "rolled": np.roll(plane, shift, axis).tolist()}
                for shift, axis in ((2, None), (-1, 0), (7, 2), ((1, -2), (0, 1)), (1, (1, 2)), ((1, 2), (1, 1)))
            ],
            "triangles": [
                {"k": k, "lower": np.tril(plane, k).tolist(), "upper": np.triu(plane, k).tolist()}
                for k in (-4, -1, 0, 2, 6)
            ],
            "places": places.tolist(),
            "unraveled": [each.tolist() for each in np.unravel_index(places, (2, 3, 4))],
        }
    )
)
