import { ProgramDraft } from '../../../../test/support/programs';
import type { Operand } from '../program';
import { withChains } from './chains';
import { fold } from './fold';
import { withJoinedUpdates } from './joined-updates';

/** Adds a step of Adam for a variable of this shape. */
function addUpdate(draft: ProgramDraft, shape: readonly number[], value = draft.captured(shape)): Operand {
  const inputs = [value, draft.argument(shape), draft.captured(shape), draft.captured(shape)];
  const outputs = [0, 1, 2].map(() => draft.step('fill', { value: 0 }, [], shape));
  draft.steps.splice(-3, 3, {
    op: 'adam',
    kernel: 'update',
    attributes: { name: 'adam', hyperparameters: [0.01, 0.9, 0.999, 1e-7, 0.1, 0.001] },
    inputs,
    outputs,
    varying: 0,
  });
  return outputs[0]!;
}

/** The sizes of the variables that each task updates, in a program that gives all of its new values. */
function groupsOf(draft: ProgramDraft, mostTargets: number): number[][] {
  const program = draft.program(draft.steps.flatMap(({ outputs }) => outputs));
  const { slots, tasks } = withJoinedUpdates(
    withChains(fold(program), () => true),
    mostTargets,
  );
  return tasks.map(({ outputs }) =>
    outputs.filter((_, i) => i % 3 === 0).map(({ slot }) => slots[slot]!.size),
  );
}

describe('withJoinedUpdates', () => {
  it('lets small vectors go with variables that are no smaller, as many as there are targets for', () => {
    const draft = new ProgramDraft();
    for (const shape of [[40, 10], [10], [7, 3], [33], [5]]) addUpdate(draft, shape);
    expect(groupsOf(draft, 8)).toEqual([[400, 33], [21, 10], [5]]);
    expect(groupsOf(draft, 12)).toEqual([[400, 33, 10, 5], [21]]);
    expect(groupsOf(draft, 4)).toEqual([[400], [21], [33], [10], [5]]);
  });

  it('leaves large variables alone', () => {
    const draft = new ProgramDraft();
    for (const shape of [[100, 50], [10], [5000]]) addUpdate(draft, shape);
    expect(groupsOf(draft, 8)).toEqual([[5000], [5000], [10]]);
  });

  it('keeps an update behind the one whose result it reads', () => {
    const draft = new ProgramDraft();
    const first = addUpdate(draft, [8, 8]);
    addUpdate(draft, [64], first);
    expect(groupsOf(draft, 8)).toEqual([[64], [64]]);
  });
});
