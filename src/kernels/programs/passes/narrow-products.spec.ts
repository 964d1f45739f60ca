import { expectClose } from '../../../../test/support/close';
import { bitsOf, ProgramDraft, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { activeBackend } from '../../active-backend';
import type { Operand, Program } from '../program';
import { withNarrowProducts } from './narrow-products';

const [M, K, N] = [40, 7, 9];

/** A product of M × K and K × N, or N × K transposed, and columns of it. */
function productAndColumns(
  draft: ProgramDraft,
  rows: number,
  transposeB: boolean,
  begin: number,
  count: number,
): Operand[] {
  const [a, b] = [draft.argument([1, rows, K]), draft.argument(transposeB ? [1, N, K] : [1, K, N])];
  const attributes = { transposeA: false, transposeB, activation: 'linear', alpha: 0 } as const;
  const y = draft.step('matMul', attributes, [a, b], [1, rows, N]);
  const flat = { slot: y.slot, shape: [rows, N] };
  return [y, draft.step('slice', { begin: [0, begin], strides: [1, 1] }, [flat], [rows, count])];
}

const kernelsOf = ({ steps }: Program): string[] => steps.map(({ kernel }) => kernel);

describe('withNarrowProducts', () => {
  for (const transposeB of [false, true]) {
    it(`computes the columns that are read, ${transposeB ? 'of a transposed operand' : 'of an operand as it is'}`, () => {
      const draft = new ProgramDraft();
      const [, columns] = productAndColumns(draft, M, transposeB, 3, 4);
      const program = draft.program([columns!]);
      const found = withNarrowProducts(program);
      expect(kernelsOf(found)).toEqual(['slice', 'matMul']);
      expect(found.steps[1]!.outputs).toEqual([{ slot: columns!.slot, shape: [1, M, 4] }]);
      const values = {
        arguments: [M * K, K * N].map((size, k) =>
          Float32Array.from({ length: size }, (_, i) => Math.sin(i + k)),
        ),
      };
      const backend = activeBackend();
      const [wanted] = runStepByStep(backend, program, values);
      for (const [own] of runPrepared(backend, found, values, 2)) {
        if (backend.name === 'cpu') expect(bitsOf(own!)).toEqual(bitsOf(wanted!));
        else expectClose(own as Float32Array, [...wanted!]);
      }
    });
  }

  it('leaves products that are read as a whole, in one column, or that have few rows', () => {
    for (const [rows, begin, count] of [
      [M, 0, N],
      [M, 2, 1],
      [32, 0, 4],
    ] as const) {
      const draft = new ProgramDraft();
      const [, columns] = productAndColumns(draft, rows, false, begin, count);
      const program = draft.program([columns!]);
      expect(withNarrowProducts(program)).toBe(program);
    }
    const draft = new ProgramDraft();
    const program = draft.program(productAndColumns(draft, M, false, 0, 4));
    expect(withNarrowProducts(program)).toBe(program);
  });
});
