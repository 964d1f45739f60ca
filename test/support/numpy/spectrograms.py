# Values for src/sound/signal/signal.spec.ts: `python3 test/support/numpy/spectrograms.py > test/support/numpy/spectrograms.json`.
# Windows, cosine transforms and the short-time transform are SciPy's. Neither librosa nor TensorFlow is needed: their formulas are written out here,
# as their documentation has them.
import json

import numpy as np
import scipy
import scipy.fft
import scipy.signal

random = np.random.default_rng(21)


def drawn(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32).astype(np.float64)


def pairs(x):
    return np.stack([x.real, x.imag], -1).tolist()


def frames(x, frame, hop):
    count = 1 + (len(x) - frame) // hop
    return np.stack([x[i * hop : i * hop + frame] for i in range(count)])


def librosa_stft(x, n_fft, hop, win, mode):
    """librosa.stft(x, n_fft=n_fft, hop_length=hop, win_length=win, pad_mode=mode), transposed."""
    window = scipy.signal.get_window("hann", win, fftbins=True)
    left = (n_fft - win) // 2
    window = np.pad(window, (left, n_fft - win - left))
    return np.fft.rfft(frames(np.pad(x, n_fft // 2, mode=mode), n_fft, hop) * window)


def tensorflow_stft(x, frame, hop):
    """tf.signal.stft(x, frame, hop)."""
    window = scipy.signal.get_window("hann", frame, fftbins=True)
    return np.fft.rfft(frames(x, frame, hop) * window, 2 ** int(np.ceil(np.log2(frame))))


def slaney(f):
    f = np.asarray(f, float)
    return np.where(f < 1000, f * 3 / 200, 15 + np.log(np.maximum(f, 1e-9) / 1000) * 27 / np.log(6.4))


def slaney_to_hz(m):
    return np.where(m < 15, m * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (m - 15)))


def librosa_mel(sr, n_fft, n_mels, htk=False, norm="slaney"):
    """librosa.filters.mel, transposed."""
    to, back = (htk_mel, htk_to_hz) if htk else (slaney, slaney_to_hz)
    edges = back(np.linspace(to(0.0), to(sr / 2), n_mels + 2))
    differences = np.diff(edges)
    ramps = edges[:, None] - np.fft.rfftfreq(n_fft, 1 / sr)
    weights = np.stack(
        [np.maximum(0, np.minimum(-ramps[i] / differences[i], ramps[i + 2] / differences[i + 1])) for i in range(n_mels)]
    )
    if norm:
        weights *= (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return weights.T


def htk_mel(f):
    return 2595 * np.log10(1 + np.asarray(f) / 700)


def htk_to_hz(m):
    return 700 * (10 ** (m / 2595) - 1)


def tensorflow_mel(mels, bins, sr, low, high):
    """tf.signal.linear_to_mel_weight_matrix."""
    spectrum = htk_mel(np.linspace(0, sr / 2, bins)[1:])[:, None]
    edges = np.linspace(htk_mel(low), htk_mel(high), mels + 2)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    weights = np.maximum(0, np.minimum((spectrum - lower) / (centre - lower), (upper - spectrum) / (upper - centre)))
    return np.pad(weights, [[1, 0], [0, 0]])


x = drawn(100)
sr = 8000
power = np.abs(librosa_stft(x, 32, 8, 32, "constant")) ** 2 @ librosa_mel(sr, 32, 6)
db = 10 * np.log10(np.maximum(1e-10, power))
db = np.maximum(db, db.max() - 80)
db_of_max = db - 10 * np.log10(power.max())
librosa_mfcc = scipy.fft.dct(db, type=2, norm="ortho", axis=-1)[:, :4]
lifted = librosa_mfcc * (1 + 22 / 2 * np.sin(np.pi * np.arange(1, 5) / 22))
magnitudes = np.abs(tensorflow_stft(x, 20, 10)) @ tensorflow_mel(5, 17, sr, 125, 3800)
logs = np.log(magnitudes + 1e-6)
tensorflow_mfcc = scipy.fft.dct(logs, type=2, axis=-1)[:, :4] / np.sqrt(2 * 5)
vector = drawn(3, 7)
_, _, scipy_stft = scipy.signal.stft(x, nperseg=16, noverlap=12, boundary=None, padded=False)

print(
    json.dumps(
        {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "x": x.tolist(),
            "windows": [
                {
                    "name": name,
                    "length": n,
                    "periodic": periodic,
                    "values": scipy.signal.get_window(name, n, fftbins=periodic).tolist(),
                }
                for name in ("hann", "hamming")
                for n in (1, 2, 5, 8)
                for periodic in (True, False)
            ],
            "scipyStft": pairs(scipy_stft.T * scipy.signal.get_window("hann", 16).sum()),
            "librosaStft": pairs(librosa_stft(x, 32, 8, 20, "constant")),
            "librosaReflected": pairs(librosa_stft(x, 32, 8, 32, "reflect")),
            "tensorflowStft": pairs(tensorflow_stft(x, 20, 10)),
            "librosaMel": librosa_mel(sr, 64, 10).tolist(),
            "librosaHtkMel": librosa_mel(sr, 64, 10, True, None).tolist(),
            "tensorflowMel": tensorflow_mel(10, 33, sr, 125, 3800).tolist(),
            "librosaPower": power.tolist(),
            "librosaDecibels": db.tolist(),
            "librosaOfMax": db_of_max.tolist(),
            "librosaMfcc": librosa_mfcc.tolist(),
            "lifted": lifted.tolist(),
            "tensorflowMagnitudes": magnitudes.tolist(),
            "tensorflowLogs": logs.tolist(),
            "tensorflowMfcc": tensorflow_mfcc.tolist(),
            "vector": vector.tolist(),
            "dcts": [
                {"type": t, "norm": norm, "values": scipy.fft.dct(vector, type=t, norm=norm, axis=-1).tolist()}
                for t in (2, 3)
                for norm in (None, "ortho")
            ],
            "preEmphasis": scipy.signal.lfilter([1, -0.97], [1], x).tolist(),
        }
    )
)
