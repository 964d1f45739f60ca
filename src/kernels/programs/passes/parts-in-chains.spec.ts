import { bitsOf, ProgramDraft, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { activeBackend } from '../../active-backend';
import type { Operand, Program } from '../program';
import type { Chain } from '../schedule';
import { withChains } from './chains';
import { fold } from './fold';
import { withPartsInChains } from './parts-in-chains';

const ROWS = 5;
const COLUMNS = 7;

function columns(draft: ProgramDraft, x: Operand, from: number): Operand {
  return draft.step('slice', { begin: [0, from], strides: [1, 1] }, [x], [ROWS, COLUMNS]);
}

const scheduled = (program: Program): ReturnType<typeof withPartsInChains> =>
  withPartsInChains(
    withChains(fold(program), () => true),
    () => true,
  );
const kernelsOf = (program: Program): string[] => scheduled(program).tasks.map(({ kernel }) => kernel);

/** Runs a program until its chains are compiled, and compares each run with its steps alone. */
function expectSameBits(program: Program, extents: readonly number[]): void {
  const values = {
    arguments: extents.map((size, k) => Float32Array.from({ length: size }, (_, i) => Math.sin(i + k))),
  };
  const backend = activeBackend();
  const wanted = runStepByStep(backend, program, values).map(bitsOf);
  for (const found of runPrepared(backend, program, values, 5))
    if (backend.name === 'cpu') expect(found.map(bitsOf)).toEqual(wanted);
    else found.forEach((own, i) => expect(own.length).toBe(wanted[i]!.length));
}

describe('withPartsInChains', () => {
  it('lets a chain read columns where they lie', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([ROWS, 2 * COLUMNS]);
    const [a, b] = [columns(draft, x, 0), columns(draft, x, COLUMNS)];
    const program = draft.program([draft.unary('neg', draft.binary('mul', a, b))]);
    expect(kernelsOf(program)).toEqual(['chain']);
    const [chain] = scheduled(program).tasks as [Chain];
    expect(chain.inputs.map(({ slot, part }) => [slot, part?.offset])).toEqual([
      [x.slot, 0],
      [x.slot, COLUMNS],
    ]);
    expectSameBits(program, [ROWS * 2 * COLUMNS]);
  });

  it('lets chains write what is joined to rows where it belongs', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([ROWS, COLUMNS]);
    const y = draft.argument([ROWS, 3]);
    const [a, b] = [x, y].map((each) => draft.unary('abs', draft.unary('neg', each))) as [Operand, Operand];
    const program = draft.program([draft.step('concat', { axis: 1 }, [b, a], [ROWS, 3 + COLUMNS])]);
    expect(kernelsOf(program)).toEqual(['chain', 'chain']);
    expectSameBits(program, [ROWS * COLUMNS, ROWS * 3]);
  });

  it('reads and writes other parts of values of one size without writing one over the other', () => {
    const draft = new ProgramDraft();
    const x = draft.unary('neg', draft.argument([ROWS, 2 * COLUMNS]));
    const product = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;
    const square = draft.argument([2 * COLUMNS, 2 * COLUMNS]);
    const z = draft.step(
      'matMul',
      product,
      [
        { ...x, shape: [1, ROWS, 2 * COLUMNS] },
        { ...square, shape: [1, 2 * COLUMNS, 2 * COLUMNS] },
      ],
      [1, ROWS, 2 * COLUMNS],
    );
    const flat = { slot: z.slot, shape: [ROWS, 2 * COLUMNS] };
    const [a, b] = [columns(draft, flat, 0), columns(draft, flat, COLUMNS)];
    const [sum, difference] = [draft.binary('add', a, b), draft.binary('sub', a, b)];
    const joined = draft.step('concat', { axis: 1 }, [difference, sum], [ROWS, 2 * COLUMNS]);
    const last = draft.step('reduce', { outer: ROWS, extent: 14, inner: 1, name: 'sum' }, [joined], [ROWS]);
    const program = draft.program([last, draft.unary('neg', draft.binary('mul', sum, difference))]);
    expectSameBits(program, [ROWS * 2 * COLUMNS, 4 * COLUMNS * COLUMNS]);
  });

  it('writes into one row no further than its part', () => {
    const draft = new ProgramDraft();
    const [x, y] = [draft.argument([3]), draft.argument([5])];
    const parts = [x, y].map((each) => draft.unary('abs', draft.unary('neg', each)));
    const program = draft.program([draft.step('concat', { axis: 0 }, [parts[1]!, parts[0]!], [8])]);
    expect(kernelsOf(program)).toEqual(['chain', 'chain']);
    expectSameBits(program, [3, 5]);
  });

  it('keeps a slice that others read, and one of rows', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([ROWS, 2 * COLUMNS]);
    const a = columns(draft, x, 1);
    const rows = draft.step('slice', { begin: [1, 0], strides: [1, 1] }, [x], [2, 2 * COLUMNS]);
    const program = draft.program([
      a,
      draft.unary('neg', draft.unary('exp', a)),
      draft.unary('neg', draft.unary('exp', rows)),
    ]);
    expect(kernelsOf(program).filter((kernel) => kernel === 'slice').length).toBe(2);
    expectSameBits(program, [ROWS * 2 * COLUMNS]);
  });

  it('does not read a variable behind a step that may write it in place', () => {
    const draft = new ProgramDraft();
    const variable = draft.captured([ROWS, 2 * COLUMNS]);
    const a = columns(draft, variable, 0);
    const next = draft.unary('neg', variable);
    const y = draft.unary('neg', draft.unary('exp', a));
    const program = draft.program([y], [{ captured: 0, slot: next.slot }]);
    expect(kernelsOf(program)).toContain('slice');
  });
});
