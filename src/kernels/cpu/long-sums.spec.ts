// Every kernel that sums, on every level of the CPU's kernels, with 30,000 terms; a few kernels with as many as the library promises.
import { forEachLongSum } from '../../../test/support/long-sums';
import { allocateOperand, freeOperands, valuesOfOperand } from '../../../test/support/operands';
import { testRun } from '../../../test/support/test-run';
import type { Backend } from '../backend';
import type { KernelAttributes, KernelName } from '../kernel-table';
import type { Shape } from '../strides';
import { createCpuBackend } from './create';

const TERMS = 30_000;

/** The plain kernels in the run without SIMD, the compiled ones in the other runs on the CPU; WebGL has a run, and long sums, of its own. */
function levels(): readonly ('none' | 'simd' | 'relaxed')[] {
  const { backend, simd } = testRun();
  if (backend !== 'cpu') return [];
  return simd === 'none' ? ['none'] : ['simd', 'relaxed'];
}

for (const level of levels()) {
  describe(`long sums in the CPU's kernels (${level})`, () => {
    let backend: Backend | null;
    beforeAll(() => {
      backend = createCpuBackend(level);
    });
    afterAll(() => {
      backend?.dispose();
      backend = null;
    });

    forEachLongSum((name, measure) => {
      it(`are within their bound: ${name}`, async () => {
        // null where the engine lacks the instructions of the level.
        if (backend) expect(await measure(backend, TERMS, 7)).toBeLessThanOrEqual(1);
        else expect(level).not.toBe('none');
      });
    });

    /** The relative error of a kernel's first result, for inputs filled with 0.1. */
    const relativeError = <K extends KernelName>(
      kernel: K,
      shapes: readonly Shape[],
      shape: Shape,
      attributes: KernelAttributes[K],
      right: number,
    ): number => {
      const place = (each: Shape) => allocateOperand(backend!, each, 'float32');
      const inputs = shapes.map(place);
      const output = place(shape);
      for (const input of inputs) backend!.run('fill', [], [input], { value: 0.1 });
      backend!.run(kernel, inputs, [output], attributes);
      const [found] = valuesOfOperand(backend!, output);
      freeOperands(backend!, [...inputs, output]);
      return Math.abs(found! - right) / right;
    };
    const tenth = Math.fround(0.1);
    const linear = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;

    it('add up 2²⁶ numbers', () => {
      if (!backend) return;
      const view = { outer: 1, extent: 2 ** 26, inner: 1 };
      expect(
        relativeError('reduce', [[2 ** 26]], [1], { name: 'sum', ...view }, tenth * 2 ** 26),
      ).toBeLessThan(2e-6);
      const columns = { outer: 1, extent: 2 ** 25, inner: 2 };
      expect(relativeError('reduce', [[2 ** 25, 2]], [2], { name: 'mean', ...columns }, tenth)).toBeLessThan(
        2e-6,
      );
    });

    for (const [m, n] of [
      [1, 1],
      [1, 4],
      [3, 1],
      [4, 3],
    ] as const) {
      it(`multiply [${m}, 10⁷] and [10⁷, ${n}]`, () => {
        if (!backend) return;
        const right = tenth * tenth * 1e7;
        expect(relativeError('matMul', [[1, m, 1e7], [1, 1e7, n]], [1, m, n], linear, right)).toBeLessThan(1e-5); // prettier-ignore
      });
    }
  });
}
