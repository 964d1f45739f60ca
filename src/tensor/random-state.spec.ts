import * as dl from 'rxtensor/tensor';
import { nextKey, seedWords } from './random-state';

const draw = (): number[] => dl.tidy(() => [...dl.randomUniform([4]).dataSync()]);

describe('setSeed', () => {
  it('begins the sequence anew', () => {
    dl.setSeed(7);
    const first = [draw(), draw()];
    dl.setSeed(7);
    expect([draw(), draw()]).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
    dl.setSeed(8);
    expect(draw()).not.toEqual(first[0]!);
  });

  it('takes any finite number, and all of its bits', () => {
    const words = [0, 1, -1, 0.5, 2 ** 32, 2 ** 32 + 1, 2 ** 53].map((seed) =>
      seedWords('setSeed', seed).join(),
    );
    expect(new Set(words).size).toBe(words.length);
    for (const seed of [NaN, Infinity, 'a', undefined]) {
      expect(() => dl.setSeed(seed as number)).toThrowError(
        /setSeed: argument 'seed' is .*; wanted a finite number/,
      );
    }
  });
});

describe('getRandomState and setRandomState', () => {
  it('continue the sequence exactly', () => {
    dl.setSeed(3);
    draw();
    const state = dl.getRandomState();
    const after = [draw(), draw()];
    draw();
    dl.setRandomState(state);
    expect([draw(), draw()]).toEqual(after);
  });

  it('survive JSON, and are not changed by later draws', () => {
    dl.setSeed(3);
    const state = dl.getRandomState();
    const text = JSON.stringify(state);
    const after = draw();
    expect(JSON.stringify(state)).toBe(text);
    dl.setRandomState(JSON.parse(text) as dl.RandomState);
    expect(draw()).toEqual(after);
  });
});

describe('setRandomState', () => {
  it('refuses what getRandomState does not give, and changes nothing', () => {
    const before = dl.getRandomState();
    const wrong: unknown[] = [
      ...[null, undefined, {}, { seed: [1, 2] }, { seed: [1], counter: 0 }, { seed: [1, 2, 3], counter: 0 }],
      ...[2 ** 32, -1, 0.5, NaN, '1'].map((word) => ({ seed: [1, word], counter: 0 })),
      ...[2 ** 53, -1, 0.5, NaN, Infinity, '1', null].map((counter) => ({ seed: [1, 2], counter })),
    ];
    for (const state of wrong) {
      expect(() => dl.setRandomState(state as dl.RandomState)).toThrowError(
        /^setRandomState: argument 'state' is .*; wanted what getRandomState gives: \{seed: two integers of 32 bits, counter\}$/,
      );
      expect(dl.getRandomState()).toEqual(before);
    }
    dl.setRandomState({ seed: [2 ** 32 - 1, 0], counter: Number.MAX_SAFE_INTEGER });
    dl.setRandomState(before);
  });
});

describe('nextKey', () => {
  it('leaves the global sequence alone where an op has its own seed', () => {
    dl.setSeed(1);
    const before = dl.getRandomState();
    expect(nextKey('op', 5)).toEqual(seedWords('op', 5));
    expect(dl.getRandomState()).toEqual(before);
    nextKey('op', undefined);
    expect(dl.getRandomState().counter).toBe(before.counter + 1);
  });
});
