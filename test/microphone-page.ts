// Runs in Chromium, whose microphone hears a file: a counter, so that each sample tells which one it is.
import * as dl from 'rxtensor';
import { microphone, type SoundGap } from 'rxtensor/sound';
import { withTime } from 'rxtensor/vision';
import { map, takeWhile } from 'rxjs';

/** What the page is asked for. */
export interface MicrophoneTask {
  readonly seconds: number;
  /** The samples after which the counter begins anew. */
  readonly period: number;
  /** The address of the processor; a blob when left out. */
  readonly worklet?: string;
}

/** What has come of it. */
export interface MicrophoneRun {
  readonly rate: number;
  readonly frames: number;
  readonly gaps: readonly SoundGap[];
  /** How often a sample was not the next one. */
  readonly wrong: number;
  readonly firstWrong: readonly number[];
  /** The samples that the browser filled in, since the device was late. */
  readonly silent: number;
  /** How often the browser dropped buffers of the device before the worklet. */
  readonly dropped: number;
  /** In milliseconds, of each tenth of the run: the median from the last sample of a frame to its arrival. */
  readonly latencies: readonly number[];
  readonly tensors: readonly number[];
  /** The bytes of the heap, of each tenth. */
  readonly heap: readonly number[];
  readonly hidden: boolean;
  readonly seconds: number;
  readonly left: number;
  readonly track: string;
  readonly context: string;
  /** The message with which the stream ended, if it did by itself. */
  readonly message: string;
}

const tracks: MediaStreamTrack[] = [];
const contexts: AudioContext[] = [];
{
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  const Context = AudioContext;
  globalThis.AudioContext = class extends Context {
    constructor(options?: AudioContextOptions) {
      super(options);
      contexts.push(this);
    }
  };
}

/** Takes the microphone away, as the browser does. */
export function unplug(): void {
  tracks.at(-1).dispatchEvent(new Event('ended'));
}

const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** Listens for a time, and compares each sample with the counter. */
export async function main({ seconds, period, worklet }: MicrophoneTask): Promise<MicrophoneRun> {
  dl.setBackend('cpu');
  const before = dl.memory().numTensors;
  const gaps: SoundGap[] = [];
  const [latencies, tensors, heap]: [number[], number[], number[]] = [[], [], []];
  const firstWrong: number[] = [];
  let [frames, wrong, silent, dropped, rate, hidden] = [0, 0, 0, 0, 0, false];
  let ages: number[] = [];
  /** What the counter is ahead of the number of samples; null while there is silence. */
  let offset: number | null = null;
  const check = (values: Float32Array, at: number): void => {
    values.forEach((value, i) => {
      const counted = Math.round(value * 32767);
      const ahead = (((counted - at - i) % period) + period) % period;
      if (ahead === offset) return;
      // The browser's queue is silent until the device has begun, and when the device is late; it goes on after that where it was.
      if (counted === 0) {
        silent++;
        offset = null;
        return;
      }
      // Chromium drops whole buffers of the device, of 10 ms, when the context is late; no worklet is told.
      if (offset !== null && ((ahead - offset + period) % period) % (rate / 100) === 0) dropped++;
      else if (offset !== null) {
        wrong++;
        if (firstWrong.length < 12) firstWrong.push(at + i, counted, ahead - offset);
      }
      offset = ahead;
    });
  };
  const frame = 1024;
  const begun = performance.now();
  let message = '';
  let part = 1;
  await microphone(sound, { frame, onGap: (gap) => gaps.push(gap), ...(worklet && { worklet }) })
    .pipe(
      dl.download(),
      withTime(),
      map(({ value, time }) => {
        rate = contexts.at(-1).sampleRate;
        const { media, capture } = time!;
        check(value as unknown as Float32Array, Math.round(media * rate));
        frames++;
        hidden ||= document.hidden;
        ages.push(performance.timeOrigin + performance.now() - capture - (1000 * frame) / rate);
        if (media < (part * seconds) / 10) return media;
        part++;
        latencies.push(ages.sort((a, b) => a - b)[ages.length >> 1]!);
        tensors.push(dl.memory().numTensors);
        heap.push((performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
        ages = [];
        return media;
      }),
      takeWhile((media) => media < seconds),
    )
    .forEach(() => undefined)
    .catch((error: unknown) => {
      message = (error as Error).message;
    });
  const taken = (performance.now() - begun) / 1000;
  for (let i = 0; i < 100 && contexts.at(-1)?.state !== 'closed'; i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    ...{
      rate,
      frames,
      gaps,
      wrong,
      firstWrong,
      silent,
      dropped,
      latencies,
      tensors,
      heap,
      hidden,
      seconds: taken,
      message,
    },
    left: dl.memory().numTensors - before,
    track: tracks.at(-1)?.readyState ?? 'none',
    context: contexts.at(-1)?.state ?? 'none',
  };
}
