import { lastValueFrom, toArray } from 'rxjs';
import * as dl from 'rxtensor';
import { decisions, type DecisionsOptions } from 'rxtensor/sound';
import { atTimes, withTimes } from '../../../test/support/timed-values';

/** What is decided of scores that come each tenth of a second. */
const decided = (scores: readonly number[], options?: DecisionsOptions<number>) =>
  lastValueFrom(withTimes(scores, 0.1).pipe(decisions(options), toArray())).then((all) =>
    all.map(({ isOn, since, at, value }) => [isOn, since, at, value]),
  );

describe('decisions', () => {
  it('goes on at one threshold and off below the other', async () => {
    expect(await decided([0.1, 0.4, 0.5, 0.4, 0.36, 0.34, 0.49, 0.6])).toEqual([
      [true, 0.2, 0.2, 0.5],
      [false, 0.5, 0.5, 0.34],
      [true, 0.7, 0.7, 0.6],
      [false, 0.7, 0.7, 0.6],
    ]);
  });

  it('waits until a score has stayed', async () => {
    const options = { above: 0.5, below: 0.3, aboveFor: 0.2, belowFor: 0.3 };
    // Between the thresholds nothing speaks against it, and only a value that speaks for it decides.
    expect(await decided([0.6, 0.2, 0.6, 0.4, 0.4, 0.6, 0.2, 0.2, 0.6, 0.2, 0.4, 0.4, 0.1], options)).toEqual(
      [
        [true, 0.2, 0.5, 0.6],
        [false, 0.9, 1.2, 0.1],
      ],
    );
  });

  it('ends what is on at the end, from when it had begun to end', async () => {
    expect(await decided([0.9, 0.9, 0.1, 0.1], { belowFor: 1 })).toEqual([
      [true, 0, 0, 0.9],
      [false, 0.2, 0.3, 0.1],
    ]);
    expect(await decided([])).toEqual([]);
  });

  it('measures anew where time goes back', async () => {
    const looped = atTimes([
      [8, 0.9],
      [0, 0.9],
      [1, 0.9],
      [2, 0.1],
      [0, 0.1],
      [1, 0.1],
    ]);
    const found = await lastValueFrom(looped.pipe(decisions({ aboveFor: 1, belowFor: 1 }), toArray()));
    expect(found.map(({ isOn, since, at }) => [isOn, since, at])).toEqual([
      [true, 0, 1],
      [false, 0, 1],
    ]);
  });

  it('goes off again where it goes on near 0', async () => {
    expect(await decided([0.11, 0.06, 0.04], { above: 0.1 })).toEqual([
      [true, 0, 0, 0.11],
      [false, 0.2, 0.2, 0.04],
    ]);
    expect(await decided([-3, -3.1, -3.2], { above: -3 })).toEqual([
      [true, 0, 0, -3],
      [false, 0.2, 0.2, -3.2],
    ]);
    expect(await decided([0.5, 0.5, 0.4], { above: 0.5, below: 0.5 })).toEqual([
      [true, 0, 0, 0.5],
      [false, 0.2, 0.2, 0.4],
    ]);
  });

  it('takes the score of any value', async () => {
    const found = await lastValueFrom(
      withTimes([{ loud: 0 }, { loud: 3 }], 1).pipe(
        decisions({ score: ({ loud }) => loud, above: 2 }),
        toArray(),
      ),
    );
    expect(found.map(({ isOn, value }) => [isOn, value.loud])).toEqual([
      [true, 3],
      [false, 3],
    ]);
  });

  it('says what is wrong with a value, in the stream', async () => {
    await expectAsync(lastValueFrom(dl.examples([1]).pipe(decisions()))).toBeRejectedWithError(
      /^decisions: a value has no time; wanted values of a source that tells it, .*and option 'sampleRate' of the operators between$/,
    );
    await expectAsync(lastValueFrom(withTimes([0.1, NaN], 1).pipe(decisions()))).toBeRejectedWithError(
      "decisions: a score is NaN; wanted a number, or the option 'score'",
    );
    const text = (): number => 'high' as unknown as number;
    await expectAsync(
      lastValueFrom(withTimes([0.1], 1).pipe(decisions({ score: text }))),
    ).toBeRejectedWithError("decisions: a score is 'high'; wanted a number from 'score'");
  });

  it('checks its options', () => {
    expect(() => decisions({ above: 0.4, below: 0.5 })).toThrowError(
      "decisions: option 'below' is 0.5; wanted a number, at most that of 'above'",
    );
    expect(() => decisions({ aboveFor: -1 })).toThrowError(
      "decisions: option 'aboveFor' is -1; wanted seconds, 0 or more",
    );
  });
});
