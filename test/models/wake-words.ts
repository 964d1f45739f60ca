/** Wake words by the models of openWakeWord: mel spectra, an embedding of each 76 of them, and a small network for each word over 16 embeddings. */
import * as dl from 'rxtensor';
import type { GraphModel } from 'rxtensor/models';

export const WAKE_WORDS = ['hey_jarvis_v0.1', 'alexa_v0.1'] as const;
export const WAKE_RATE = 16000;
/** The samples from one embedding to the next. */
export const WAKE_HOP = 1280;
const EMBEDDINGS = 16;
const MELS = 76;
/** The spectra take 160 samples each, and 480 around the first. */
export const WAKE_WINDOW = (EMBEDDINGS - 1) * WAKE_HOP + MELS * 160 + 480;

/** A function from a batch of one window to a score for each word. */
export const hearWords =
  ([mel, embedding, ...words]: readonly GraphModel[]) =>
  (samples: dl.Tensor): dl.Tensor1D =>
    dl.tidy(() => {
      const window = samples.reshape([1, WAKE_WINDOW]);
      const spectra = (mel!.predict(window.mul(32767)) as dl.Tensor).reshape([-1, 32]).div(10).add(2);
      const parts = Array.from({ length: EMBEDDINGS }, (_, i) => dl.slice(spectra, [8 * i, 0], [MELS, 32]));
      const embeddings = (embedding!.predict(dl.stack(parts).expandDims(-1)) as dl.Tensor).reshape([
        1,
        EMBEDDINGS,
        96,
      ]);
      return dl.concat1d(words.map((word) => (word.predict(embeddings) as dl.Tensor).reshape([1])));
    });
