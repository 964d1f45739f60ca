import type { OperatorFunction } from 'rxjs';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import type { OptionRules } from '../../tensor/options';
import { checked } from '../signal/options';
import type { HeardNote, HeardNotes } from './pitch';

/** How {@link notes} finds notes. */
export interface NotesOptions {
  /** A note begins where this is how likely it begins, or more; 0.5 when left out. */
  readonly onset?: number;
  /** It sounds while its score is as much; 0.3 when left out. */
  readonly sounding?: number;
  /** For how many seconds it must sound; 0.06 when left out. */
  readonly least?: number;
  /** For how many seconds its score may be less until it has ended; 0.12 when left out. */
  readonly release?: number;
}

/** A note that was played. It comes twice: when it is sure that it has begun, and when it has ended. */
export interface Note {
  /** Its number: 1, 2, … in the order in which notes were found. */
  readonly id: number;
  /** Which note, as MIDI counts semitones: 69 is 440 Hz. */
  readonly midi: number;
  /** Its mean frequency so far, in Hz. */
  readonly frequency: number;
  /** When it began, in seconds of the medium. */
  readonly start: number;
  /** When it ended; null while it sounds. */
  readonly end: number | null;
  /** Its mean score so far, from 0 to 1. */
  readonly strength: number;
}

const share = [
  (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= 1,
  'a number in (0, 1]',
] as const;
const seconds = [
  (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0,
  'seconds, 0 or more',
] as const;
const rules: OptionRules<NotesOptions> = { onset: share, sounding: share, least: seconds, release: seconds };

/** A note that sounds. */
interface Sounding {
  readonly midi: number;
  readonly start: number;
  /** 0 until it is sure. */
  id: number;
  scores: number;
  /** The sum of the logarithms of frequencies, each weighted by its score. */
  logarithms: number;
  frames: number;
  /** The end of the last frame in which it sounded. */
  until: number;
}

/**
 * Makes notes of what `pitch` hears. A note begins at a peak of how likely it begins, sounds while its score is high enough, with gaps, and ends; a new peak begins it
 * again. A note beside one that sounds louder is its shadow, and left out (after Bittner et al. 2022, section 3). It goes by the times of the frames.
 *
 * ```text
 *  pitch(model)    -f-f-f-f-f-f-f-f-f-f-f-f--|
 *  notes()         -----A---B-----A------B---|     A begins, B begins, A ends, B ends
 * ```
 *
 * @throws when an option is wrong; as error notifications, for a value that `pitch` has not given
 * @example
 * ```ts
 * import { from } from 'rxjs';
 * import { notes } from 'rxtensor/sound';
 * const heard = Array.from({ length: 40 }, (_, i) => ({
 *   seconds: i / 100,
 *   notes: i < 10 || i >= 30 ? [] : [{ midi: 69, frequency: 440, score: 0.8, onset: i === 10 ? 0.9 : 0.1 }],
 * }));
 * from(heard)
 *   .pipe(notes())
 *   .subscribe(({ id, midi, start, end }) => console.log(id, midi, start, end)); // 1 69 0.1 null, then 1 69 0.1 0.3
 * ```
 */
export function notes(options?: NotesOptions): OperatorFunction<HeardNotes, Note> {
  const name = 'notes';
  const { onset = 0.5, sounding = 0.3, least = 0.06, release = 0.12 } = checked(name, options, rules);
  return operator<HeardNotes, Note>(name, (output) => {
    const playing = new Map<number, Sounding>();
    let count = 0;
    /** The two frames before: a peak is known when the next frame has come. */
    let before: HeardNotes | null = null;
    let current: HeardNotes | null = null;

    const emit = (note: Sounding, end: number | null): void => {
      const { id, midi, start, scores, logarithms, frames } = note;
      const frequency = Math.exp(logarithms / scores);
      const strength = scores / frames;
      output.emit(() => ({ id, midi, frequency, start, end, strength }), trailNow());
    };
    const end = (note: Sounding): void => {
      playing.delete(note.midi);
      if (note.id > 0) emit(note, note.until);
    };
    /** Whether a semitone beside it sounds louder. */
    const isShadow = (note: HeardNote, all: HeardNotes): boolean =>
      all.notes.some(
        ({ midi, score }) => Math.abs(midi - note.midi) === 1 && playing.has(midi) && score > note.score,
      );

    /** Looks at a frame, of which the neighbours are known. */
    const look = (previous: HeardNotes | null, frame: HeardNotes, next: HeardNotes | null): void => {
      const onsetOf = (other: HeardNotes | null, midi: number): number =>
        other?.notes.find((each) => each.midi === midi)?.onset ?? 0;
      const until = next?.seconds ?? 2 * frame.seconds - (previous?.seconds ?? frame.seconds);
      for (const heard of frame.notes) {
        const { midi, score, frequency } = heard;
        const isPeak =
          heard.onset >= onset &&
          heard.onset > onsetOf(previous, midi) &&
          heard.onset >= onsetOf(next, midi) &&
          !isShadow(heard, frame);
        if (isPeak) {
          const old = playing.get(midi);
          if (old) end(old);
          playing.set(midi, {
            midi,
            start: frame.seconds,
            id: 0,
            scores: 0,
            logarithms: 0,
            frames: 0,
            until,
          });
        }
        const note = playing.get(midi);
        if (!note || (score < sounding && !isPeak)) continue;
        // What begins may have no score yet.
        const weight = Math.max(score, Number.EPSILON);
        note.scores += weight;
        note.logarithms += weight * Math.log(frequency);
        note.frames++;
        note.until = until;
        if (note.id === 0 && until - note.start >= least) {
          note.id = ++count;
          emit(note, null);
        }
      }
      for (const note of [...playing.values()]) if (until - note.until > release) end(note);
    };
    /** Ends what sounds: no frame follows. */
    const finish = (): void => {
      if (current) look(before, current, null);
      for (const note of [...playing.values()]) end(note);
      [before, current] = [null, null];
    };
    return {
      next: (frame) => {
        assertHeard(name, frame);
        if (current && isElsewhere(before, current, frame, release)) finish();
        if (current) look(before, current, frame);
        before = current;
        current = frame;
      },
      complete: () => {
        finish();
        output.complete();
      },
    };
  });
}

/** Whether a frame does not follow the ones before it: time has gone back, or more frames are missing than a note may have gaps. */
function isElsewhere(
  before: HeardNotes | null,
  current: HeardNotes,
  next: HeardNotes,
  release: number,
): boolean {
  const step = next.seconds - current.seconds;
  return step < 0 || (before !== null && step > release && step > 2 * (current.seconds - before.seconds));
}

/** @throws unless it is what pitch() gives */
function assertHeard(name: string, value: unknown): asserts value is HeardNotes {
  const { seconds: time, notes: list } = (value ?? {}) as Partial<HeardNotes>;
  if (!Number.isFinite(time) || !Array.isArray(list))
    throw new Error(`${name}: a value has no 'seconds' and 'notes'; wanted what pitch() gives`);
}
