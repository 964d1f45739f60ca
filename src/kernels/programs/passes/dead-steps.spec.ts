import { ProgramDraft } from '../../../../test/support/programs';
import { withoutDeadSteps } from './dead-steps';

describe('withoutDeadSteps', () => {
  it('leaves out steps that only dead steps read, and keeps those of results and updates', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([3]);
    const variable = draft.captured([3]);
    const used = draft.unary('neg', x);
    const dead = draft.unary('exp', used);
    draft.unary('sqrt', dead);
    const updated = draft.binary('add', variable, used);
    const program = draft.program([draft.unary('relu', used)], [{ captured: 0, slot: updated.slot }]);
    const { steps } = withoutDeadSteps(program);
    expect(steps.map(({ attributes }) => (attributes as { name: string }).name)).toEqual([
      'neg',
      'add',
      'relu',
    ]);
    expect(withoutDeadSteps({ ...program, steps })).toEqual({ ...program, steps });
  });

  it('keeps steps that write nothing', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([2, 2]);
    draft.steps.push({
      op: 'draw',
      kernel: 'paint',
      attributes: {},
      inputs: [draft.unary('neg', x)],
      outputs: [],
    });
    expect(withoutDeadSteps(draft.program([])).steps.length).toBe(2);
  });
});
