// What a microphone costs: its samples become log-mel spectra, and a public model (openWakeWord's embedding of 76 of them) answers each 80 ms.
import * as dl from 'rxtensor';
import { loadGraphModel, onnx, type GraphModel } from 'rxtensor/models';
import { microphone, spectrogram } from 'rxtensor/sound';
import { Subscription, tap } from 'rxjs';

const RATE = 16000;
const SPECTRA = 76;
const EVERY = 8;
const MELS = 32;
/** 80 ms. */
const HOP_OF_MODEL = 1280;

export interface MicrophoneCounts {
  readonly spectra: number;
  readonly answers: number;
  readonly lost: number;
}

let model: GraphModel | undefined;
let running: Subscription | undefined;
let counts = { spectra: 0, answers: 0, lost: 0 };

/** What is done with the microphone: nothing but what a browser needs to have one open, frames of it, or spectra and the model's answers. */
export type Work = 'browser' | 'frames' | 'answers';

/** A worklet that does nothing, on an open microphone: without this library. */
async function openAlone(): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const context = new AudioContext({ sampleRate: stream.getAudioTracks()[0]!.getSettings().sampleRate });
  const text =
    'registerProcessor("idle", class extends AudioWorkletProcessor { process() { return true; } });';
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  const node = new AudioWorkletNode(context, 'idle');
  context.createMediaStreamSource(stream).connect(node).connect(context.destination);
  return () => {
    stream.getTracks().forEach((track) => track.stop());
    void context.close();
  };
}

/** Opens the microphone. */
export async function listen(work: Work): Promise<void> {
  if (work === 'browser') {
    running = new Subscription(await openAlone());
    return;
  }
  await dl.setBackend('cpu');
  model ??= await loadGraphModel('/embedding_model.onnx', { format: onnx });
  const embedding = model;
  counts = { spectra: 0, answers: 0, lost: 0 };
  const sound$ = microphone(
    { sampleRate: RATE, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    { frame: HOP_OF_MODEL, onGap: ({ lost }) => (counts.lost = lost) },
  );
  running =
    work === 'answers'
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
