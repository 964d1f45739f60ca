import * as dl from 'rxtensor/tensor';
import { COUNT, read } from '../../../test/support/draws';

describe('multinomial', () => {
  const shares = (values: readonly number[], outcomes: number): number[] =>
    Array.from({ length: outcomes }, (_, k) => values.filter((v) => v === k).length / values.length);

  it('draws the outcomes by their probabilities', () => {
    const probabilities = [0.1, 0, 0.6, 0.3, 0];
    for (const [logits, normalized] of [
      [probabilities, true],
      [probabilities.map((p) => Math.log(p) + 5), false],
    ] as const) {
      const values = read(() => dl.multinomial([...logits], COUNT, 3, normalized));
      const found = shares(values, 5);
      probabilities.forEach((p, k) =>
        expect(Math.abs(found[k]! - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / COUNT)),
      );
    }
  });

  it('draws each row of a batch by itself', () => {
    dl.tidy(() => {
      const drawn = dl.multinomial(
        [
          [1, 0, 0],
          [0, 0, 1],
          [0, 0.5, 0.5],
        ],
        1000,
        3,
        true,
      );
      expect(drawn.dtype).toBe('int32');
      expect(drawn.shape as number[]).toEqual([3, 1000]);
      const values = [...drawn.dataSync()];
      expect(shares(values.slice(0, 1000), 3)).toEqual([1, 0, 0]);
      expect(shares(values.slice(1000, 2000), 3)).toEqual([0, 0, 1]);
      const [none, first] = shares(values.slice(2000), 3);
      expect(none).toBe(0);
      expect(Math.abs(first! - 0.5)).toBeLessThan(0.07);
    });
  });

  it('repeats itself with a seed, and the global one', () => {
    const logits = [0.5, 1, 0.25, 2];
    expect(read(() => dl.multinomial(logits, 50, 9))).toEqual(read(() => dl.multinomial(logits, 50, 9)));
    dl.setSeed(4);
    const first = read(() => dl.multinomial(logits, 50));
    expect(read(() => dl.multinomial(logits, 50))).not.toEqual(first);
    dl.setSeed(4);
    expect(read(() => dl.multinomial(logits, 50))).toEqual(first);
  });

  it('names what is wrong', () => {
    expect(() => dl.multinomial([1], 2)).toThrowError(
      /multinomial: argument 'logits' has 1 outcomes \(shape \[1\]\)/,
    );
    expect(() => dl.multinomial([1, 2], -1)).toThrowError(/multinomial: argument 'numSamples' is -1/);
    expect(() => dl.multinomial([[[1, 2]]], 1)).toThrowError(/multinomial: argument 'logits' has rank 3/);
    expect(dl.tidy(() => dl.multinomial([1, 2], 0).shape as number[])).toEqual([0]);
  });
});
