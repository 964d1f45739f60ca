// What a microphone costs: its samples become log-mel spectra, and a public model (openWakeWord's embedding of 76 of them) answers each 80 ms.
import * as dl from 'rxtensor';
import { loadGraphModel, onnx, type GraphModel } from 'rxtensor/models';
import { microphone, spectrogram } from 'rxtensor/sound';
import { tap, type Subscription } from 'rxjs';

const RATE = 16000;
const SPECTRA = 76;
const EVERY = 8;
const MELS = 32;

export interface MicrophoneCounts {
  readonly spectra: number;
  readonly answers: number;
  readonly lost: number;
}

let model: GraphModel | undefined;
let running: Subscription | undefined;
let counts = { spectra: 0, answers: 0, lost: 0 };

/** Opens the microphone. @param isWorking whether anything is made of it */
export async function listen(isWorking: boolean): Promise<void> {
  await dl.setBackend('cpu');
  model ??= await loadGraphModel('/embedding_model.onnx', { format: onnx });
  const embedding = model;
  counts = { spectra: 0, answers: 0, lost: 0 };
  const sound$ = microphone(
    { sampleRate: RATE, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    { frame: 160, onGap: ({ lost }) => (counts.lost = lost) },
  );
  running = isWorking
    ? sound$
        .pipe(
          spectrogram({ kind: 'logMel', sampleRate: RATE, frame: 400, hop: 160, mels: MELS }),
          tap(() => counts.spectra++),
          dl.slidingWindow(SPECTRA, { stride: EVERY }),
          dl.predict((windows: dl.Tensor) => embedding.predict(dl.reshape(windows, [1, SPECTRA, MELS, 1]))),
          dl.download(),
        )
        .subscribe(() => counts.answers++)
    : sound$.subscribe();
}

export const counted = (): MicrophoneCounts => ({ ...counts });

export function stop(): void {
  running?.unsubscribe();
}
