import { bitsOf, ProgramDraft, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { activeBackend } from '../../active-backend';
import type { Operand } from '../program';
import { withoutSumsOfPads } from './sums-of-pads';

const values = {
  arguments: [
    [1, -0, 2, -3],
    [4, -0],
    [NaN, 6],
  ].map((own) => Float32Array.from(own)),
};

/** The sum of three pieces of [2, 4], padded from these columns on. */
function sumOfPads(draft: ProgramDraft, columns: readonly number[], value = 0): Operand {
  const pieces = [draft.argument([2, 2]), draft.argument([2, 1]), draft.argument([2, 1])];
  const pads = pieces.map((piece, i) => {
    const attributes = { before: [0, columns[i]!], mode: 'constant', value } as const;
    return draft.step('pad', attributes, [piece], [2, 4]);
  });
  return draft.binary('add', draft.binary('add', pads[0]!, pads[1]!), pads[2]!);
}

describe('withoutSumsOfPads', () => {
  it('joins the pieces of a sum, whose −0 becomes 0', () => {
    const draft = new ProgramDraft();
    const program = draft.program([sumOfPads(draft, [1, 3, 0])]);
    const found = withoutSumsOfPads(program);
    expect(found.steps.map(({ kernel }) => kernel)).toEqual(['binary', 'binary', 'binary', 'concat']);
    const backend = activeBackend();
    const [wanted] = runStepByStep(backend, program, values);
    for (const [own] of runPrepared(backend, found, values, 4)) expect(bitsOf(own!)).toEqual(bitsOf(wanted!));
  });

  it('leaves sums whose pieces lie over each other or leave a gap, and those padded with other values', () => {
    for (const [columns, value] of [
      [[0, 1, 3], 0],
      [[0, 2, 2], 0],
      [[1, 3, 0], 1],
      [[1, 3, 0], -0],
    ] as const) {
      const draft = new ProgramDraft();
      const program = draft.program([sumOfPads(draft, columns, value)]);
      expect(withoutSumsOfPads(program)).toBe(program);
    }
  });

  it('leaves a pad or a sum that others read', () => {
    const draft = new ProgramDraft();
    const sum = sumOfPads(draft, [1, 3, 0]);
    const pad = draft.steps[0]!.outputs[0]!;
    const program = draft.program([sum, pad]);
    expect(withoutSumsOfPads(program)).toBe(program);
  });

  it('leaves a sum with a variable that may be written in place before it', () => {
    const draft = new ProgramDraft();
    const variable = draft.captured([2, 2]);
    const pads = [0, 2].map((column) => {
      const attributes = { before: [0, column], mode: 'constant', value: 0 } as const;
      return draft.step('pad', attributes, [variable], [2, 4]);
    });
    const next = draft.unary('neg', variable);
    const updates = [{ captured: 0, slot: next.slot }];
    const program = draft.program([draft.binary('add', pads[0]!, pads[1]!)], updates);
    expect(withoutSumsOfPads(program)).toBe(program);
  });
});
