// The same by TensorFlow.js, and the transform by two packages that do nothing else.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import FFT from 'fft.js';
import { ComplexArray, RealArray, RealFFTConfig } from 'kissfft-wasm';
import { waitLoading } from 'kissfft-wasm/lib/wasm';
import { FFT_LENGTH, FRAME, HOP, LENGTH, MELS, RATE, ROWS, SECONDS, samplesOf, type Side } from './case';

const rowOf = (samples: Float32Array, row: number): Float32Array =>
  samples.subarray(row * LENGTH, (row + 1) * LENGTH);

/** Row after row, into arrays that were made before. */
export function fftJs(): Side {
  const samples = samplesOf(ROWS * LENGTH);
  const transform = new FFT(LENGTH);
  const found = Array.from({ length: ROWS }, () => transform.createComplexArray());
  return () => {
    for (let row = 0; row < ROWS; row++) transform.realTransform(found[row]!, rowOf(samples, row));
    return [found[3]![2 * 5]!, found[1000]![2 * 7 + 1]!];
  };
}

/** Row after row, all in its own memory. */
export async function kissFft(): Promise<Side> {
  await waitLoading();
  const samples = samplesOf(ROWS * LENGTH);
  const transform = new RealFFTConfig(LENGTH);
  const rows = Array.from({ length: ROWS }, (_, row) => RealArray.fromArray(rowOf(samples, row)));
  const found = rows.map(() => new ComplexArray(LENGTH));
  return () => {
    for (let row = 0; row < ROWS; row++) transform.work(rows[row]!, found[row]!);
    return [found[3]!.realAt(5), found[1000]!.imagAt(7)];
  };
}

/** Two values, read as a result of their own. */
const twoOf = async (x: tf.Tensor, places: readonly (readonly number[])[]): Promise<readonly number[]> => {
  const read = tf.tidy(() =>
    tf.concat(
      places.map((place) =>
        tf.reshape(
          tf.slice(
            x,
            [...place],
            place.map(() => 1),
          ),
          [1],
        ),
      ),
      0,
    ),
  );
  const values = await read.data();
  tf.dispose([x, read]);
  return Array.from(values);
};

export async function theirRfft(backend: 'cpu' | 'webgl'): Promise<Side> {
  await tf.setBackend(backend);
  const x = tf.tensor2d(samplesOf(ROWS * LENGTH), [ROWS, LENGTH]);
  return async () => {
    await tf.setBackend(backend);
    const spectra = tf.tidy(() => {
      const complex = tf.spectral.rfft(x);
      return tf.stack([tf.real(complex), tf.imag(complex)], -1);
    });
    return twoOf(spectra, [
      [3, 5, 0],
      [1000, 7, 1],
    ]);
  };
}

/** The weights of triangular filters between equal steps of the mel scale of HTK, as TensorFlow's `linear_to_mel_weight_matrix`: TensorFlow.js has none. */
function filters(): Float32Array {
  const bins = FFT_LENGTH / 2 + 1;
  const mel = (hertz: number): number => 1127 * Math.log1p(hertz / 700);
  const [low, high] = [mel(125), mel(3800)];
  const edge = (i: number): number => low + ((high - low) * i) / (MELS + 1);
  const weights = new Float32Array(bins * MELS);
  // The first bin has no tone.
  for (let bin = 1; bin < bins; bin++)
    for (let m = 0; m < MELS; m++) {
      const at = mel((bin * RATE) / FFT_LENGTH);
      const up = (at - edge(m)) / (edge(m + 1) - edge(m));
      const down = (edge(m + 2) - at) / (edge(m + 2) - edge(m + 1));
      weights[bin * MELS + m] = Math.max(0, Math.min(up, down));
    }
  return weights;
}

export async function theirLogMel(backend: 'webgl'): Promise<Side> {
  await tf.setBackend(backend);
  const x = tf.tensor1d(samplesOf(RATE * SECONDS));
  const weights = tf.tensor2d(filters(), [FFT_LENGTH / 2 + 1, MELS]);
  return async () => {
    await tf.setBackend(backend);
    const spectra = tf.tidy(() =>
      tf.log(tf.add(tf.matMul(tf.abs(tf.signal.stft(x, FRAME, HOP, FFT_LENGTH)), weights), 1e-6)),
    );
    return twoOf(spectra, [
      [10, 5],
      [5000, 60],
    ]);
  };
}
