// Sums of very many terms, on the backend of the run: values of reports, and every kernel that sums. Relative to Σ |terms| reductions
// and pools are within 2e-6, products, filter gradients and scatters within 1e-5. Software WebGL takes long for as many terms as a CPU adds
// up in no time: there, tensors are smaller and the bounds the same.
import { grad } from '../tensor/gradients';
import {
  avgPool,
  batchNorm,
  conv2d,
  dot,
  fill,
  mean,
  moments,
  ones,
  sum,
  tensor1d,
  unsortedSegmentSum,
  zeros,
} from '../tensor/ops';
import { tidy } from '../tensor/scope';
import type { Tensor, Tensor1D, Tensor4D } from '../tensor/tensor';
import { forEachLongSum } from '../../test/support/long-sums';
import { PROMISED } from '../../test/support/rounding';
import { activeBackend, getBackend } from './active-backend';

/** Whether the device is a GPU, played by software here. */
const onShaders = (): boolean => getBackend() !== 'cpu';
/** The number of terms for each of `sums` sums; there at most as many as textures of 256 × 256 texels hold. */
const terms = (count: number, sums = 1): number => (onShaders() ? Math.min(count, 2 ** 18 / sums) : count);
const tenth = Math.fround(0.1);

async function expectRelative(make: () => Tensor, wanted: number, bound: number): Promise<void> {
  const made = tidy(make);
  const values = await made.data();
  made.dispose();
  for (const found of values) {
    expect(Math.abs(found - wanted) / Math.abs(wanted))
      .withContext(`${found} for ${wanted}`)
      .toBeLessThanOrEqual(bound);
  }
}

/** The values of both moments, which are freed. */
async function valuesOf({ mean, variance }: ReturnType<typeof moments>): Promise<number[][]> {
  const values = await Promise.all([mean.data(), variance.data()]);
  mean.dispose();
  variance.dispose();
  return values.map((each) => [...each]);
}

describe('long sums', () => {
  it('dot of ones', async () => {
    const length = terms(2e7);
    await expectRelative(() => dot(ones([length]), ones([length])), length, 0);
  });

  it('dot of 0.1', async () => {
    const length = terms(1e6);
    const make = (): Tensor => dot(fill([length], 0.1), fill([length], 0.1));
    await expectRelative(make, length * tenth * tenth, PROMISED.product);
  });

  it('gradient of conv2d to its filter', async () => {
    const batch = onShaders() ? 4 : 32;
    await expectRelative(
      () => {
        const x: Tensor4D = fill([batch, 224, 224, 1], 0.1);
        return grad((w) => conv2d(x, w as Tensor4D, 1, 'same'))(ones([1, 1, 1, 1]));
      },
      batch * 224 * 224 * tenth,
      PROMISED.product,
    );
  });

  it('unsortedSegmentSum into one segment', async () => {
    const length = terms(1e6);
    const make = (): Tensor => {
      const ids: Tensor1D = zeros([length], 'int32');
      return unsortedSegmentSum(fill([length], 0.1), ids, 1);
    };
    await expectRelative(make, length * tenth, PROMISED.product);
  });

  it('avgPool of one window', async () => {
    const make = (): Tensor => {
      const x: Tensor4D = fill([1, 512, 512, 1], 200.3);
      return avgPool(x, 512, 1, 'valid');
    };
    await expectRelative(make, Math.fround(200.3), PROMISED.reduction);
  });

  it('sum of 0.1', async () => {
    const length = terms(1e7);
    await expectRelative(() => sum(fill([length], 0.1)), length * tenth, PROMISED.reduction);
  });

  it('mean over the first axis', async () => {
    await expectRelative(() => mean(fill([terms(2e7, 2), 2], 0.1), 0), tenth, PROMISED.reduction);
  });

  it('moments far from zero', async () => {
    const { found, columns, rows } = tidy(() => {
      const x = tensor1d(Array.from({ length: 1000 }, (_, i) => 1e6 + (i % 2)));
      return {
        found: moments(x),
        columns: moments(x.reshape([250, 4]), 0),
        rows: moments(x.reshape([10, 100]), 1, true),
      };
    });
    expect(rows.variance.shape).toEqual([10, 1]);
    expect(await valuesOf(found)).toEqual([[1000000.5], [0.25]]);
    expect(await valuesOf(columns)).toEqual([
      [1e6, 1000001, 1e6, 1000001],
      [0, 0, 0, 0],
    ]);
    expect((await valuesOf(rows))[1]).toEqual(new Array<number>(10).fill(0.25));
  });

  it('statistics of a batch normalization far from zero', async () => {
    const normalized = tidy(() => {
      const x = tensor1d(Array.from({ length: 1600 }, (_, i) => 1e6 + (i % 8 < 4 ? 0 : 1))).reshape([
        4, 10, 10, 4,
      ]);
      const statistics = moments(x, [0, 1, 2]);
      return batchNorm(x, statistics.mean, statistics.variance, null, null, 0);
    });
    const y = await normalized.data();
    normalized.dispose();
    expect([...new Set(y)].sort((a, b) => a - b).map((value) => Math.round(value * 1e5) / 1e5)).toEqual([
      -1, 1,
    ]);
  });

  it('moments of values that are infinite', async () => {
    const found = tidy(() => moments(tensor1d([1, Infinity, 2])));
    expect(await valuesOf(found)).toEqual([[Infinity], [NaN]]);
  });

  forEachLongSum((name, measure) => {
    it(`are within their bound: ${name}`, async () => {
      expect(await measure(activeBackend(), onShaders() ? 5000 : 10_000, 11)).toBeLessThanOrEqual(1);
    });
  });
});
