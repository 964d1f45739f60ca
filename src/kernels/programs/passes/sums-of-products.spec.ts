import { expectClose } from '../../../../test/support/close';
import { ProgramDraft, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { activeBackend } from '../../active-backend';
import type { Operand, Program } from '../program';
import { withJoinedProducts } from './sums-of-products';

const numbers = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => (((i + 1) * 7919 * seed) % 101) / 50 - 1);

/** A product of [1, 20, 5] and [1, 5, 12], or of what these are before they are transposed. */
function product(draft: ProgramDraft, transposeA: boolean, transposeB: boolean): Operand {
  const a = draft.argument(transposeA ? [1, 5, 20] : [1, 20, 5]);
  const b = draft.argument(transposeB ? [1, 12, 5] : [1, 5, 12]);
  const attributes = { transposeA, transposeB, activation: 'linear', alpha: 0 } as const;
  return draft.step('matMul', attributes, [a, b], [1, 20, 12]);
}

const kernelsOf = ({ steps }: Program): string[] => steps.map(({ kernel }) => kernel);

/** The results of both programs are close. */
function expectSame(program: Program, found: Program): void {
  const backend = activeBackend();
  const given = program.slots.flatMap(({ origin, size }, slot) =>
    origin.kind === 'argument' ? [numbers(size, slot + 1)] : [],
  );
  const [wanted] = runStepByStep(backend, program, { arguments: given });
  for (const [own] of runPrepared(backend, found, { arguments: given }, 3))
    expectClose(own!, [...wanted!], { cpu: 1e-5, webgl: 1e-4 });
}

describe('withJoinedProducts', () => {
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    it(`computes a sum of three products as one, transposed ${transposeA}, ${transposeB}`, () => {
      const draft = new ProgramDraft();
      const [a, b, c] = [1, 2, 3].map(() => product(draft, transposeA, transposeB));
      const program = draft.program([draft.binary('add', draft.binary('add', a!, b!), c!)]);
      const found = withJoinedProducts(program);
      expect(kernelsOf(found)).toEqual(['concat', 'concat', 'matMul']);
      expectSame(program, found);
    });
  }

  it('adds what is no product, or one of other operands, behind it', () => {
    const draft = new ProgramDraft();
    const terms = [
      draft.argument([1, 20, 12]),
      product(draft, false, false),
      product(draft, true, false),
      product(draft, false, false),
    ];
    const program = draft.program([terms.reduce((sum, term) => draft.binary('add', sum, term))]);
    const found = withJoinedProducts(program);
    expect(kernelsOf(found)).toEqual(['matMul', 'concat', 'concat', 'matMul', 'binary', 'binary']);
    expectSame(program, found);
  });

  it('leaves products that others read, and those whose operands are larger than what they save', () => {
    const draft = new ProgramDraft();
    const a = product(draft, false, false);
    const sum = draft.binary('add', a, product(draft, false, false));
    const read = draft.program([sum, a]);
    expect(withJoinedProducts(read)).toBe(read);
    const deep = new ProgramDraft();
    const attributes = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;
    const [b, c] = [1, 2].map(() =>
      deep.step('matMul', attributes, [deep.argument([1, 2, 50]), deep.argument([1, 50, 2])], [1, 2, 2]),
    );
    const large = deep.program([deep.binary('add', b!, c!)]);
    expect(withJoinedProducts(large)).toBe(large);
  });
});
