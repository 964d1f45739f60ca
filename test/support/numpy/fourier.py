# Values of numpy.fft, for src/sound/fourier/fft.spec.ts: `python3 test/support/numpy/fourier.py > test/support/numpy/fourier.json`.
import json

import numpy as np

random = np.random.default_rng(20)


def drawn(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32).astype(np.float64)


def pairs(x):
    return np.stack([x.real, x.imag], -1).tolist()


def case(n):
    re, im = drawn(n), drawn(n)
    x = re + 1j * im
    return {
        "x": {"re": re.tolist(), "im": im.tolist()},
        "fft": pairs(np.fft.fft(x)),
        "ifft": pairs(np.fft.ifft(x)),
        "rfft": pairs(np.fft.rfft(re)),
    }


re, im = drawn(5), drawn(5)
plane_re, plane_im = drawn(2, 3, 4), drawn(2, 3, 4)
plane = plane_re + 1j * plane_im
print(
    json.dumps(
        {
            "numpy": np.__version__,
            "cases": [case(n) for n in (1, 2, 3, 5, 7, 8, 12, 15, 16, 22)],
            "normed": {"re": re.tolist(), "im": im.tolist()},
            "norms": [
                {
                    "norm": norm,
                    "fft": pairs(np.fft.fft(re + 1j * im, norm=norm)),
                    "irfft": np.fft.irfft(re + 1j * im, 9, norm=norm).tolist(),
                }
                for norm in ("backward", "forward", "ortho")
            ],
            "plane": {
                "re": plane_re.tolist(),
                "im": plane_im.tolist(),
                "fft2": pairs(np.fft.fft2(plane)),
                "ifft2": pairs(np.fft.ifft2(plane)),
                "fft2of02": pairs(np.fft.fft2(plane, axes=(0, 2), norm="ortho")),
            },
        }
    )
)
