import { ProgramDraft } from '../../../../test/support/programs';
import type { Operand, Program } from '../program';
import type { Chain } from '../schedule';
import { withChains } from './chains';
import { fold } from './fold';
import { withReductionsOfChains } from './reductions-of-chains';

const kernelsOf = (program: Program): string[] =>
  withReductionsOfChains(
    withChains(fold(program), () => true),
    () => true,
  ).tasks.map((task) =>
    task.kernel === 'chain' && task.reduction ? `${task.reduction.name} of chain` : task.kernel,
  );

function sumOf(draft: ProgramDraft, x: Operand, [outer, extent, inner] = [4, 8, 1]): Operand {
  return draft.step('reduce', { name: 'sum', outer: outer, extent: extent, inner: inner }, [x], [4]);
}

describe('withReductionsOfChains', () => {
  it('joins a reduction along rows with the steps before it', () => {
    const draft = new ProgramDraft();
    const [x, y, row] = [draft.argument([4, 8]), draft.argument([4, 8]), draft.argument([4, 1])];
    const squares = draft.unary('square', draft.binary('mul', draft.binary('sub', x, y), row));
    const sum = sumOf(draft, squares);
    const { tasks } = withReductionsOfChains(
      withChains(fold(draft.program([sum])), () => true),
      () => true,
    );
    const [chain] = tasks as [Chain];
    expect(tasks.length).toBe(1);
    expect(chain.inputs.map(({ slot }) => slot)).toEqual([x.slot, y.slot, row.slot]);
    expect(chain.outputs.map(({ slot }) => slot)).toEqual([sum.slot]);
    expect(chain.reduction).toEqual({ name: 'sum', outer: 4, extent: 8, inner: 1 });
  });

  it('joins it with a single step', () => {
    const draft = new ProgramDraft();
    expect(kernelsOf(draft.program([sumOf(draft, draft.unary('square', draft.argument([4, 8])))]))).toEqual([
      'sum of chain',
    ]);
  });

  it('leaves values that others read', () => {
    const draft = new ProgramDraft();
    const squares = draft.unary('square', draft.argument([4, 8]));
    expect(kernelsOf(draft.program([sumOf(draft, squares), squares]))).toEqual(['unary', 'reduce']);
  });

  it('leaves reductions along columns, operands along rows, and those that a step may write in place', () => {
    const columns = new ProgramDraft();
    const x = columns.unary('square', columns.argument([8, 4]));
    expect(kernelsOf(columns.program([sumOf(columns, x, [1, 8, 4])]))).toEqual(['unary', 'reduce']);
    const along = new ProgramDraft();
    const scaled = along.binary('mul', along.argument([4, 8]), along.argument([8]));
    expect(kernelsOf(along.program([sumOf(along, scaled)]))).toEqual(['binary', 'reduce']);
    const updated = new ProgramDraft();
    const variable = updated.captured([4, 8]);
    const sum = sumOf(updated, updated.unary('square', variable));
    const next = updated.step(
      'update',
      { name: 'sgd', hyperparameters: [0.1] } as never,
      [variable, updated.argument([4, 8])],
      [4, 8],
    );
    const program = updated.program([sum], [{ captured: 0, slot: next.slot }]);
    expect(kernelsOf(program)).toEqual(['unary', 'reduce', 'update']);
  });
});
