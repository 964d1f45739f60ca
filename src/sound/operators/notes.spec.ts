import { from, lastValueFrom, of, toArray, type Observable } from 'rxjs';
import { notes, type HeardNote, type HeardNotes, type NotesOptions } from 'rxtensor/sound';

const FRAME = 0.01;
/** A note that sounds from one frame to another, and begins where it is said. */
interface Part {
  readonly midi: number;
  readonly from: number;
  readonly to: number;
  readonly score?: number;
  readonly onsets?: readonly number[];
}

/** So many frames with these notes. */
const heard = (frames: number, parts: readonly Part[]): HeardNotes[] =>
  Array.from({ length: frames }, (_, i) => ({
    seconds: i * FRAME,
    notes: parts
      .filter(({ from, to }) => i >= from && i < to)
      .map(({ midi, from, score = 0.8, onsets = [from] }): HeardNote => ({
        midi,
        frequency: 440 * 2 ** ((midi - 69) / 12),
        score,
        onset: onsets.includes(i) ? 0.9 : 0.05,
      })),
  }));

const found = async (frames: readonly HeardNotes[], options?: NotesOptions) =>
  (await lastValueFrom(from(frames).pipe(notes(options), toArray()))).map(({ id, midi, start, end }) => [
    id,
    midi,
    Math.round(start / FRAME),
    end === null ? null : Math.round(end / FRAME),
  ]);

describe('notes', () => {
  it('tells each note twice: when it is sure, and when it has ended', async () => {
    const frames = heard(60, [
      { midi: 60, from: 5, to: 30 },
      { midi: 64, from: 10, to: 50 },
    ]);
    expect(await found(frames)).toEqual([
      [1, 60, 5, null],
      [2, 64, 10, null],
      [1, 60, 5, 30],
      [2, 64, 10, 50],
    ]);
  });

  it('ends a note that begins again, and what sounds at the end', async () => {
    expect(await found(heard(40, [{ midi: 60, from: 0, to: 40, onsets: [2, 20] }]))).toEqual([
      [1, 60, 2, null],
      [1, 60, 2, 20],
      [2, 60, 20, null],
      [2, 60, 20, 40],
    ]);
  });

  it('bridges a gap, and leaves out what is too short, too quiet, or beside a louder note', async () => {
    const gap = heard(50, [
      { midi: 60, from: 0, to: 20, onsets: [0] },
      { midi: 60, from: 28, to: 50, onsets: [] },
    ]);
    expect(await found(gap)).toEqual([
      [1, 60, 0, null],
      [1, 60, 0, 50],
    ]);
    expect((await found(gap, { release: 0.05 })).at(-1)).toEqual([1, 60, 0, 20]);
    expect(await found(heard(30, [{ midi: 60, from: 3, to: 7 }]))).toEqual([]);
    expect(await found(heard(30, [{ midi: 60, from: 3, to: 30, score: 0.2 }]))).toEqual([]);
    const shadow = heard(30, [
      { midi: 60, from: 3, to: 30 },
      { midi: 61, from: 5, to: 30, score: 0.6 },
    ]);
    expect((await found(shadow)).map(([, midi]) => midi)).toEqual([60, 60]);
  });

  it('gives the mean frequency, weighted by how likely it sounds', async () => {
    const bent = heard(20, [{ midi: 69, from: 0, to: 20 }]).map(({ seconds, notes: list }, i) => ({
      seconds,
      notes: list.map((each) => ({ ...each, frequency: i < 10 ? 440 : 450 })),
    }));
    const last = await lastValueFrom(from(bent).pipe(notes()));
    expect(last.frequency).toBeCloseTo(Math.sqrt(440 * 450), 3);
    expect(last.strength).toBeCloseTo(0.8, 6);
  });

  it('ends what sounds where time goes back, or where more is missing than a note may have gaps', async () => {
    const part = heard(30, [{ midi: 60, from: 5, to: 30 }]);
    expect(await found([...part, ...part])).toEqual([
      [1, 60, 5, null],
      [1, 60, 5, 30],
      [2, 60, 5, null],
      [2, 60, 5, 30],
    ]);
    const later = part.map((each) => ({ ...each, seconds: each.seconds + 5 }));
    expect(await found([...part, ...later])).toEqual([
      [1, 60, 5, null],
      [1, 60, 5, 30],
      [2, 60, 505, null],
      [2, 60, 505, 530],
    ]);
  });

  it('gives numbers for a note that begins before it has a score', async () => {
    const silent = heard(12, [{ midi: 69, from: 2, to: 4, score: 0 }]);
    const last = await lastValueFrom(from(silent).pipe(notes({ least: 0 })));
    expect(last.frequency).toBeCloseTo(440, 6);
    expect(last.strength).toBeCloseTo(0, 6);
  });

  it('says what is wrong', async () => {
    expect(() => notes({ onset: 2 })).toThrowError("notes: option 'onset' is 2; wanted a number in (0, 1]");
    const number = of(1) as unknown as Observable<HeardNotes>;
    await expectAsync(lastValueFrom(number.pipe(notes()))).toBeRejectedWithError(
      "notes: a value has no 'seconds' and 'notes'; wanted what pitch() gives",
    );
  });
});
