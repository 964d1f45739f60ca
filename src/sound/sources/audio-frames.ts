import type { Observable } from 'rxjs';
import type { FileSource } from '../../files/file';
import { wrongGiven } from '../../streams/checks/arguments';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import { bufferPieces, filePieces, type AudioBufferLike } from './decoded-pieces';
import { assertWorklets, listen, type OpenSound } from './listen';
import { liveSamples, type SampleEvents } from './live-samples';
import { soundOfElement, soundOfStream } from './open-sound';
import {
  formRules,
  framingOf,
  listeningOf,
  liveSoundOptions,
  liveSoundRules,
  type LiveSoundOptions,
  type SoundForm,
} from './sample-options';
import { framesOfPieces } from './sample-pieces';

/** Options of {@link audioFrames}. */
export interface AudioFramesOptions extends LiveSoundOptions, SoundForm {
  /** Whether the last frames, which the end cuts short, are filled up with zeros; false by default: they are left out. */
  readonly padEnd?: boolean;
}

/** What {@link audioFrames} takes. */
export type AudioFramesSource = HTMLMediaElement | MediaStream | AudioBufferLike | FileSource;

/**
 * A source of sound that the program has, in frames from −1 to 1 that may overlap.
 *
 * - An `AudioBuffer`, a file that a person chose, an address, bytes or a response wait for the stream: each subscription begins anew, and nothing is lost. WAV files are read as
 *   there is room, at their own rate, also in Node and in workers. Others are decoded by the browser, wholly and at 48 kHz, in pages.
 * - A media element and a `MediaStream` do not wait: they are heard as {@link microphone} is, with `ring`, `onGap` and `worklet`. An element stays audible; while it pauses
 *   there is silence. The stream completes when the element or all tracks have ended, and leaves them to their owner.
 *
 * Every frame has the time of its first sample (`timeOf` of `rxtensor/vision`).
 *
 * @param source what is heard
 * @param options how frames are cut (`frame`, `hop`, `padEnd`), their form (`sampleRate`, `channels`), pacing, `ring`, `onGap`, and `worklet`
 * @returns float32 [frame], or [channels, frame] with `channels: 'all'`
 * @throws when an argument is wrong; as error notifications, when a file cannot be read or decoded, when an element fails or another context has its sound, and for what
 *   needs a page elsewhere
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { audioFrames } from 'rxtensor/sound';
 * const buffer = new AudioBuffer({ length: 4, sampleRate: 8000 });
 * buffer.copyToChannel(Float32Array.of(1, 0.5, 0, -0.5), 0);
 * audioFrames(buffer, { frame: 2, hop: 1 })
 *   .pipe(dl.download())
 *   .subscribe((frame) => console.log(frame)); // [1, 0.5], [0.5, 0], [0, -0.5]
 * ```
 */
export function audioFrames(source: AudioFramesSource, options: AudioFramesOptions = {}): Observable<Tensor> {
  const name = 'audioFrames';
  if (!isSource(source))
    throw wrongGiven(
      name,
      "argument 'source'",
      source,
      'a media element, a MediaStream, an AudioBuffer, a file, bytes or an address',
    );
  assertOptionValues<Omit<AudioFramesOptions, 'inFlight' | 'scheduler'>>(
    name,
    options,
    { ...liveSoundRules, ...formRules, padEnd: isOneOf([true, false]) },
    { ...liveSoundOptions, ...formRules, padEnd: 1 },
  );
  const framing = framingOf(options, options, options.padEnd ? 'padded' : 'dropped');
  const listening = listeningOf(framing, options);
  const isElement = isMediaElement(source);
  if (isElement || isMediaStream(source))
    return liveSamples(
      name,
      (events) =>
        listen(
          name,
          (flush) => {
            assertWorklets(name);
            return isElement
              ? ofElement(name, source, events, flush)
              : ofStream(name, source, listening.block, flush);
          },
          events,
          listening,
        ),
      framing,
      options.onGap,
      options,
    );
  return framesOfPieces(
    name,
    (signal) => (isAudioBuffer(source) ? bufferPieces(source) : filePieces(name, source, signal)),
    framing,
    options,
  );
}

const isMediaElement = (source: unknown): source is HTMLMediaElement =>
  typeof HTMLMediaElement === 'function' && source instanceof HTMLMediaElement;
const has = (source: unknown, method: string): boolean =>
  typeof (source as Record<string, unknown> | null)?.[method] === 'function';
const isMediaStream = (source: unknown): source is MediaStream => has(source, 'getAudioTracks');
const isAudioBuffer = (source: unknown): source is AudioBufferLike => has(source, 'getChannelData');
const isSource = (source: unknown): source is AudioFramesSource =>
  (typeof source === 'string' && source !== '') ||
  (typeof source === 'object' &&
    (isMediaElement(source) ||
      isMediaStream(source) ||
      isAudioBuffer(source) ||
      source instanceof URL ||
      source instanceof Blob ||
      source instanceof ArrayBuffer ||
      source instanceof Uint8Array ||
      source instanceof Response ||
      has(source, 'getReader') ||
      Symbol.asyncIterator in (source ?? {})));

/** Calls `flush` when all tracks have ended. */
function ofStream(
  name: string,
  stream: MediaStream,
  block: (rate: number) => number,
  flush: () => void,
): OpenSound {
  const tracks = stream.getAudioTracks();
  const hasEnded = (): boolean => tracks.every(({ readyState }) => readyState === 'ended');
  if (hasEnded())
    throw new Error(
      `${name}: argument 'source' is a MediaStream with ${tracks.length > 0 ? 'tracks that have ended' : 'no audio tracks'}; wanted one with sound`,
    );
  const ended = (): void => {
    if (hasEnded()) flush();
  };
  for (const track of tracks) track.addEventListener('ended', ended);
  return soundOfStream(stream, block, () => {
    for (const track of tracks) track.removeEventListener('ended', ended);
  });
}

/** Calls `flush` when the element has ended. */
function ofElement(
  name: string,
  element: HTMLMediaElement,
  events: SampleEvents,
  flush: () => void,
): OpenSound {
  const failed = (): void =>
    events.fail(
      new Error(
        `${name}: the element with ${element.currentSrc || 'no address'} failed: ${MEDIA_ERRORS[element.error?.code ?? 0] ?? 'unknown'}`,
      ),
    );
  const sound = soundOfElement(name, element);
  element.addEventListener('ended', flush);
  element.addEventListener('error', failed);
  return {
    ...sound,
    close: () => {
      element.removeEventListener('ended', flush);
      element.removeEventListener('error', failed);
      sound.close();
    },
  };
}

/** By `MediaError.code`. */
const MEDIA_ERRORS: Readonly<Record<number, string>> = {
  1: 'loading was aborted',
  2: 'the network broke off',
  3: 'it cannot be decoded',
  4: 'it was not found, or its format is not supported here',
};
