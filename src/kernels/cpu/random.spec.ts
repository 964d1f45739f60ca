import { runKernel } from '../../../test/support/run-kernel';
import { threefry, type Distribution } from '../random';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;

function sample(
  distribution: Distribution,
  a: number,
  b: number,
  size: number,
  key: [number, number] = [1, 2],
): number[] {
  const dtype = distribution === 'integer' ? 'int32' : 'float32';
  return [...runKernel(backend, 'random', [], [{ shape: [size], dtype }], { distribution, key, a, b })[0]!];
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('the random kernel', () => {
  it("gives Threefry-2x32's known answers", () => {
    // kat_vectors of the authors' Random123 distribution, 20 rounds.
    const words = new Uint32Array(2);
    const answer = (...input: [number, number, number, number]): number[] => {
      threefry(...input, words);
      return [...words];
    };
    expect(answer(0, 0, 0, 0)).toEqual([0x6b200159, 0x99ba4efe]);
    expect(answer(-1, -1, -1, -1)).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(answer(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toEqual([0xc4923a9c, 0x483df7a0]);
  });

  it('draws element i from (key, i) alone', () => {
    for (const distribution of ['uniform', 'normal', 'truncatedNormal'] as const) {
      expect(sample(distribution, 0, 1, 10)).toEqual(sample(distribution, 0, 1, 1000).slice(0, 10));
      expect(sample(distribution, 0, 1, 10)).not.toEqual(sample(distribution, 0, 1, 10, [1, 3]));
    }
  });

  it('has the moments of each distribution', () => {
    const size = 100_000;
    for (const [distribution, a, b, mean, deviation] of [
      ['uniform', -1, 3, 1, 4 / Math.sqrt(12)],
      ['integer', 2, 7, 4, Math.SQRT2],
      ['normal', 1, 2, 1, 2],
      // Cut off at two standard deviations: 0.8796 of the deviation is left.
      ['truncatedNormal', 1, 2, 1, 2 * 0.8796],
    ] as const) {
      const found = momentsOf(sample(distribution, a, b, size, [7, 11]));
      // four standard errors
      expect(Math.abs(found.mean - mean)).toBeLessThan((4 * deviation) / Math.sqrt(size));
      expect(Math.abs(found.deviation - deviation)).toBeLessThan(0.02 * deviation);
    }
  });

  it('keeps to its limits', () => {
    const uniform = sample('uniform', -1, 3, 20_000);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(3);
    const integers = new Set(sample('integer', -2, 3, 1000));
    expect([...integers].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    const truncated = sample('truncatedNormal', 1, 2, 20_000).map((x) => Math.abs(x - 1));
    expect(Math.max(...truncated)).toBeLessThanOrEqual(4);
  });
});
