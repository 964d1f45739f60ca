# Values of numpy.linalg and scipy.linalg, for the specs of src/ops/linear-algebra:
# `python3 test/support/numpy/linear-algebra.py > test/support/numpy/linear-algebra.json`.
import json

import numpy as np
import scipy
from scipy.linalg import solve_triangular

random = np.random.default_rng(20)


def drawn(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32).astype(np.float64)


def definite(n):
    x = drawn(n, n)
    return (x @ x.T + 0.5 * np.eye(n)).astype(np.float32).astype(np.float64)


def symmetric(n):
    x = drawn(n, n)
    return np.tril(x) + np.tril(x, -1).T


def square(n):
    a, rhs = drawn(n, n), drawn(n, 3)
    well = a + 2 * np.eye(n)
    positive, mirrored = definite(n), symmetric(n)
    return {
        "a": a.tolist(),
        "rhs": rhs.tolist(),
        "determinant": float(np.linalg.det(a)),
        "inverse": np.linalg.inv(a).tolist(),
        "solution": np.linalg.solve(a, rhs).tolist(),
        "adjointSolution": np.linalg.solve(a.T, rhs).tolist(),
        "condition": float(np.linalg.cond(a)),
        "well": well.tolist(),
        "triangular": [
            {
                "lower": lower,
                "adjoint": adjoint,
                "solution": solve_triangular(well, rhs, trans=int(adjoint), lower=lower).tolist(),
            }
            for lower in (True, False)
            for adjoint in (False, True)
        ],
        "positive": positive.tolist(),
        "cholesky": np.linalg.cholesky(positive).tolist(),
        "symmetric": mirrored.tolist(),
        "eigenvalues": np.linalg.eigvalsh(mirrored).tolist(),
        "eigenvectors": np.linalg.eigh(mirrored)[1].tolist(),
    }


def rectangle(m, n):
    x = drawn(m, n)
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return {"x": x.tolist(), "u": u.tolist(), "s": s.tolist(), "v": vh.T.tolist()}


print(
    json.dumps(
        {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "squares": [square(n) for n in (1, 2, 3, 5, 8, 12)],
            "rectangles": [rectangle(m, n) for m, n in ((1, 1), (1, 4), (5, 1), (3, 3), (4, 7), (9, 5))],
        }
    )
)
