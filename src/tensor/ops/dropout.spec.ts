import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients } from '../../../test/support/gradient-check';
import { build, sample, toTensor } from '../../../test/support/reference';

describe('dropout', () => {
  it('drops the part it is told to, and scales the rest', () => {
    dl.tidy(() => {
      for (const rate of [0.1, 0.5, 0.8]) {
        const values = [...dl.dropout(dl.ones([20000]), rate, null, 3).dataSync()];
        const dropped = values.filter((v) => v === 0).length / values.length;
        // Six standard deviations of a binomial.
        expect(Math.abs(dropped - rate)).toBeLessThan(6 * Math.sqrt((rate * (1 - rate)) / 20000));
        const scale = Math.fround(1 / (1 - rate));
        expect(values.every((v) => v === 0 || v === scale)).toBeTrue();
      }
    });
  });

  it('drops the same elements for one seed, wherever it runs, others for another, and follows the global seed', () => {
    dl.tidy(() => {
      const x = dl.ones<dl.Rank.R1>([16]);
      // Threefry-2x32 with the key (7, 0), element by element: kept where the first word's high 24 bits are not below one half.
      const seven = [...dl.dropout(x, 0.5, null, 7).dataSync()];
      const uniform = [...dl.randomUniform([16], 0, 1, 'float32', 7).dataSync()];
      expect(seven).toEqual(uniform.map((u) => (u >= 0.5 ? 2 : 0)));
      expect([...x.dropout(0.5, null, 7).dataSync()]).toEqual(seven);
      expect([...dl.dropout(x, 0.5, null, 8).dataSync()]).not.toEqual(seven);
      dl.setSeed(1);
      const first = [...dl.dropout(x, 0.5).dataSync()];
      expect([...dl.dropout(x, 0.5).dataSync()]).not.toEqual(first);
      dl.setSeed(1);
      expect([...dl.dropout(x, 0.5).dataSync()]).toEqual(first);
    });
  });

  it('drops together along the axes of 1 of the noise shape', () => {
    dl.tidy(() => {
      for (const noise of [
        [40, 1],
        [null, 1],
      ]) {
        const rows = dl.dropout(dl.ones<dl.Rank.R2>([40, 3]), 0.5, noise, 5).arraySync();
        expect(rows.every(([a, b, c]) => a === b && b === c)).toBeTrue();
        expect(new Set(rows.map(([a]) => a))).toEqual(new Set([0, 2]));
      }
    });
  });

  it('of rate 0 gives the same values, in a tensor of its own', () => {
    const x = dl.tensor1d([1, -2, NaN]);
    const y = dl.dropout(x, 0);
    x.dispose();
    expectExact(y, [1, -2, NaN]);
    y.dispose();
    dl.tidy(() => {
      expect(dl.dropout(dl.zeros([0, 3]), 0.5).shape).toEqual([0, 3]);
    });
  });

  it('lets the gradient through where it kept', () => {
    expectGradients((x) => dl.dropout(x, 0.4, null, 11), [sample([5, 7], 1)]);
    dl.tidy(() => {
      const x = toTensor(sample([6, 6], 1));
      const dx = dl.grad((v) => dl.dropout(v, 0.5, null, 2))(x);
      const kept = dl.dropout(dl.ones([6, 6]), 0.5, null, 2).dataSync();
      expectClose(
        dx,
        build([6, 6], ([i, j]) => kept[i! * 6 + j!]!),
        0,
      );
    });
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      for (const rate of [1, -0.1, NaN]) {
        expect(() => dl.dropout([1, 2], rate)).toThrowError(
          new RegExp(`dropout: argument 'rate' is ${rate}; wanted a number in \\[0, 1\\)`),
        );
      }
      for (const noise of [[2], [3, 2], [1, 2, 3]]) {
        expect(() => dl.dropout(dl.ones([2, 3]), 0.5, noise)).toThrowError(/dropout/);
      }
      expect(() => dl.dropout(dl.ones([2, 3]), 0.5, [2])).toThrowError(
        /dropout: argument 'noiseShape' is \[2\]; wanted extents of \[2,3\], 1 or null/,
      );
    });
  });
});
