// Ours, on either backend.
import * as dl from 'rxtensor';
import { rfft, signal } from 'rxtensor/sound';
import { FFT_LENGTH, FRAME, HOP, LENGTH, MELS, RATE, ROWS, SECONDS, samplesOf, type Side } from './case';

/** Two values, read as a result of their own. */
const twoOf = async (x: dl.Tensor, places: readonly (readonly number[])[]): Promise<readonly number[]> => {
  const read = dl.tidy(() =>
    dl.concat(
      places.map((place) =>
        x
          .slice(
            [...place],
            place.map(() => 1),
          )
          .flatten(),
      ),
      0,
    ),
  );
  const values = await read.data();
  dl.dispose([x, read]);
  return Array.from(values);
};

export async function ourRfft(backend: 'cpu' | 'webgl'): Promise<Side> {
  await dl.setBackend(backend);
  const x = dl.tensor(samplesOf(ROWS * LENGTH), [ROWS, LENGTH]);
  await dl.setBackend('cpu');
  return async () => {
    await dl.setBackend(backend);
    return twoOf(
      dl.tidy(() => rfft(x)),
      [
        [3, 5, 0],
        [1000, 7, 1],
      ],
    );
  };
}

export async function ourLogMel(backend: 'cpu' | 'webgl'): Promise<Side> {
  await dl.setBackend(backend);
  const x = dl.tensor1d(samplesOf(RATE * SECONDS));
  const options = {
    convention: 'tensorflow',
    frame: FRAME,
    hop: HOP,
    fftLength: FFT_LENGTH,
    sampleRate: RATE,
    mels: MELS,
  } as const;
  return async () => {
    await dl.setBackend(backend);
    return twoOf(
      dl.tidy(() => signal.logMel(x, options)),
      [
        [10, 5],
        [5000, 60],
      ],
    );
  };
}
