import { compiledSums, plainSums, TAPS_TOGETHER, type PolyphaseFilters } from './weighted-sums';

const filters: PolyphaseFilters = {
  phases: 3,
  step: 7,
  taps: 2 * TAPS_TOGETHER,
  weights: Float32Array.from({ length: 6 * TAPS_TOGETHER }, (_, i) => Math.sin(i * i)),
};
const samplesFor = (count: number): Float32Array =>
  Float32Array.from({ length: filters.taps + 3 * count }, (_, i) => Math.cos(i));

/** Result n: what its place between two samples says. */
function wanted(samples: Float32Array, phase: number, n: number): number {
  const place = phase + n * filters.step;
  const start = Math.floor(place / filters.phases);
  const row = (place % filters.phases) * filters.taps;
  let sum = 0;
  for (let k = 0; k < filters.taps; k++) sum += filters.weights[row + k]! * samples[start + k]!;
  return sum;
}

describe('weightedSums', () => {
  for (const [name, sums] of [
    ['compiled', compiledSums(filters)!],
    ['plain', plainSums(filters)],
  ] as const)
    it(`${name}: gives the sum for each place, from any phase, and for more samples than there was memory for`, () => {
      for (const [count, phase] of [
        [1, 0],
        [0, 2],
        [5, 1],
        [30_000, 2],
        [5, 1],
      ] as const) {
        const samples = samplesFor(count);
        const found = sums(samples, phase, count);
        expect(found.length).toBe(count);
        found.forEach((sum, n) => {
          if (Math.abs(sum - wanted(samples, phase, n)) > 2e-5) fail(`${n} of ${count}: ${sum}`);
        });
      }
    });

  it('is plain where the engine has no WebAssembly', () => {
    const { WebAssembly: kept } = globalThis;
    try {
      delete (globalThis as { WebAssembly?: unknown }).WebAssembly;
      expect(compiledSums(filters)).toBeNull();
    } finally {
      globalThis.WebAssembly = kept;
    }
  });
});
