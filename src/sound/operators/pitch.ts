import { defer, type OperatorFunction } from 'rxjs';
import { assertModel, withOutputs, type GivenModel } from '../../models/given-model';
import { operator } from '../../streams/operator';
import { mapTensorAsync } from '../../streams/operators/map-tensor-async';
import { trailNow } from '../../streams/emission';
import { isIntegerFrom } from '../../tensor/argument';
import { reshape } from '../../tensor/ops/reshape';
import { formatShape } from '../../tensor/shape';
import type { OptionRules } from '../../tensor/options';
import { dispose, tidy } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import { specs, type NotesSpec } from '../models/specs';
import { checked } from '../signal/options';
import { assertMono } from './assert-mono';
import { earlier, framed, type FramePlace } from './framed';

/** Options of {@link pitch}. */
export interface PitchOptions {
  /** What the model takes and gives; `specs.basicPitch` when left out. */
  readonly spec?: NotesSpec;
  /**
   * After how many frames the model looks again; as many as a window has without its margins when left out, as for a file. Fewer make answers come sooner and cost more:
   * 21 frames of Basic Pitch are a quarter of a second.
   */
  readonly every?: number;
  /** The least probability of a note that is given; 0.1 when left out. */
  readonly minScore?: number;
}

/** A note that sounds in a frame. */
export interface HeardNote {
  /** Its number, as MIDI counts semitones: 69 is 440 Hz. */
  readonly midi: number;
  /** Its frequency in Hz, to a part of a semitone where the model tells it. */
  readonly frequency: number;
  /** How likely it sounds, from 0 to 1. */
  readonly score: number;
  /** How likely it begins here. */
  readonly onset: number;
}

/** What sounds in a frame, the likeliest first. */
export interface HeardNotes {
  /** The time of the frame in its medium, in seconds; from the first sample on where the source tells no time. */
  readonly seconds: number;
  /** The notes. */
  readonly notes: readonly HeardNote[];
}

const rules: OptionRules<PitchOptions> = {
  spec: [
    (value) => isNotesSpec(value as Partial<NotesSpec> | null),
    'one of specs, as specs.basicPitch, or one like it',
  ],
  every: [
    (value, { spec = specs.basicPitch }) => isIntegerFrom(value, 1) && value <= usedFrames(spec),
    'a positive integer, at most as many frames as a window has without its margins',
  ],
  minScore: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number in [0, 1]'],
};

/** What a spec must have for windows to follow each other. */
const isNotesSpec = (spec: Partial<NotesSpec> | null): spec is NotesSpec =>
  [spec?.window, spec?.frame, spec?.bins].every((each) => isIntegerFrom(each, 1)) &&
  isIntegerFrom(spec?.margin, 0) &&
  isPositive(spec?.sampleRate) &&
  usedFrames(spec as NotesSpec) > 0;
const isPositive = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;

const framesOf = ({ window, frame }: NotesSpec): number => Math.ceil(window / frame);
const usedFrames = (spec: NotesSpec): number => framesOf(spec) - 2 * spec.margin;

/**
 * The notes that sound, several at once: one emission for each frame of the model, of 11.6 ms for Basic Pitch. The model looks at a window of the latest samples; of each
 * window the newest frames are used that are not at its end, where the model is unsure. Windows wait for each other, and so does the source. Behind it, `notes` makes
 * notes with a beginning and an end.
 *
 * ```text
 *  chunks of samples    ---a---b---c---d---e--|
 *  pitch(model)         -----------1234----5678-9|     a burst of frames for each window
 * ```
 *
 * @param model a model of `rxtensor/models`, which stays yours
 * @param options what the model takes and gives, and how often; chunks are [samples] of the spec's `sampleRate` (22,050 a second), from −1 to 1
 * @returns what is heard in each frame, with the time of the frame. The last frames come at the end, where silence follows
 * @throws when the model is none or an option is wrong; as error notifications, for a chunk of another shape, and what the model rejects with
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { pitch, specs } from 'rxtensor/sound';
 * // In place of a model: two notes, of which the second sounds where samples are not 0.
 * type Model = Parameters<typeof pitch>[0];
 * const model: Model = {
 *   executeAsync: ((window: dl.Tensor) =>
 *     Promise.resolve(
 *       dl.tidy(() => {
 *         const sounds = dl.pad(window.abs().reshape([1, 6, 1]), [[0, 0], [0, 0], [1, 0]]);
 *         return [sounds, dl.zerosLike(sounds), dl.clone(sounds)];
 *       }),
 *     )) as unknown as Model['executeAsync'],
 * };
 * const spec = { ...specs.basicPitch, sampleRate: 4, window: 6, frame: 1, margin: 1, bins: 1, lowest: 68 };
 * dl.examples([[0, 0.5, 1]])
 *   .pipe(dl.mapTensor((chunk) => dl.tensor1d(chunk as number[])), pitch(model, { spec }))
 *   .subscribe(({ seconds, notes }) => console.log(seconds, notes.map(({ midi }) => midi))); // 0 [], 0.25 [69], 0.5 [69]
 * ```
 */
export function pitch(model: GivenModel, options?: PitchOptions): OperatorFunction<Tensor, HeardNotes> {
  const name = 'pitch';
  assertModel(name, model);
  const { spec = specs.basicPitch, every = usedFrames(spec), minScore = 0.1 } = checked(name, options, rules);
  const { frame, margin, sampleRate, window } = spec;
  /** The first frame of a window that is used. */
  const first = framesOf(spec) - margin - every;
  const hop = every * frame;
  return (source) =>
    defer(() => {
      /** Those of the windows that the model looks at. */
      const places: FramePlace[] = [];
      return source.pipe(
        framed(
          name,
          // So that the first frame that is used is the first one of the signal, and the last one is within a window.
          {
            frame: window,
            hop,
            sampleRate,
            lead: first * frame,
            timedBy: first * frame,
            tail: window - first * frame - 1,
          },
          (x, place) => {
            places.push(place);
            return assertMono(name, x);
          },
        ),
        mapTensorAsync(hearing(name, model, spec, first, every, minScore)),
        operator<readonly HeardNote[][], HeardNotes>(name, (output) => ({
          next: (frames) => {
            const trail = trailNow();
            const { index, received } = places.shift()!;
            frames.forEach((notes, i) => {
              const at = index * hop + i * frame;
              // Behind the end there is silence.
              if (at >= received) return;
              const own = earlier(trail, -i * frame, sampleRate);
              const seconds = own.time?.media ?? at / sampleRate;
              output.emit(() => ({ seconds, notes }), own);
            });
          },
        })),
      );
    });
}

/** A function that gives the notes of the used frames of a window. */
function hearing(
  name: string,
  model: GivenModel,
  spec: NotesSpec,
  first: number,
  every: number,
  minScore: number,
): (window: Tensor) => Promise<HeardNote[][]> {
  const { sounding, onset, contour, bins, lowest } = spec;
  return async (window) => {
    const input = tidy(() => reshape(window, [1, spec.window, 1]));
    try {
      return await withOutputs(model, input, [sounding, onset, contour], async (outputs) => {
        const [sounds, onsets, contours] = (await Promise.all(
          outputs.map((each) => each.data()),
        )) as unknown as [Float32Array, Float32Array, Float32Array];
        const count = outputs[0]!.shape.at(-1)!;
        assertHeard(name, spec, outputs, [count, count, count * bins]);
        return Array.from({ length: every }, (_, i) => {
          const row = first + i;
          const heard: HeardNote[] = [];
          for (let note = 0; note < count; note++) {
            const [score, begins] = [sounds[row * count + note]!, onsets[row * count + note]!];
            if (!(score >= minScore || begins >= minScore)) continue;
            const off = fraction(contours, row * count * bins, note * bins, bins, count * bins);
            const midi = lowest + note;
            heard.push({ midi, frequency: 440 * 2 ** ((midi + off - 69) / 12), score, onset: begins });
          }
          return heard.sort((a, b) => b.score - a.score);
        });
      });
    } finally {
      dispose(input);
    }
  };
}

/** @throws unless the model gives a row for each frame, so long */
function assertHeard(
  name: string,
  spec: NotesSpec,
  outputs: readonly Tensor[],
  columns: readonly number[],
): void {
  const frames = framesOf(spec);
  [spec.sounding, spec.onset, spec.contour].forEach((output, i) => {
    const { shape } = outputs[i]!;
    if (shape.length !== 3 || shape[1] !== frames || shape[2] !== columns[i])
      throw new Error(
        `${name}: output '${output}' of the model has shape ${formatShape(shape)}; wanted [1,${frames},${columns[i]}], as the 'spec' says`,
      );
  });
}

/**
 * How many semitones a note is off: the centre of gravity of the powers of the parts in its semitone and one beside it. (The part in the middle is the note itself: of
 * Basic Pitch's three, pure tones show it.)
 */
function fraction(contours: ArrayLike<number>, row: number, at: number, bins: number, count: number): number {
  const reach = Math.floor(bins / 2) + 1;
  const middle = at + (bins - 1) / 2;
  let [sum, weighted] = [0, 0];
  for (let part = Math.max(0, middle - reach); part <= Math.min(count - 1, middle + reach); part++) {
    const weight = contours[row + part]! ** 2;
    sum += weight;
    weighted += weight * (part - middle);
  }
  return sum > 0 ? weighted / sum / bins : 0;
}
