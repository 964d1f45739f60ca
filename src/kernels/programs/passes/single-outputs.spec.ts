import { ProgramDraft } from '../../../../test/support/programs';
import { withChains } from './chains';
import { fold } from './fold';
import { withSingleOutputs } from './single-outputs';

describe('withSingleOutputs', () => {
  it('makes one chain for each output, which reads the outputs before it', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([4]);
    const a = draft.unary('exp', x);
    const b = draft.unary('neg', a);
    const c = draft.binary('mul', b, x);
    const d = draft.unary('abs', draft.binary('add', b, a));
    const { tasks } = withSingleOutputs(withChains(fold(draft.program([b, c, d])), () => true));
    const parts = tasks.map((task) => (task.kernel === 'chain' ? task.parts.length : 1));
    expect(parts).toEqual([2, 1, 3]);
    expect(tasks.map(({ outputs }) => outputs.map(({ slot }) => slot))).toEqual([
      [b.slot],
      [c.slot],
      [d.slot],
    ]);
    expect(tasks.map(({ inputs }) => inputs.map(({ slot }) => slot))).toEqual([
      [x.slot],
      [b.slot, x.slot],
      [x.slot, b.slot],
    ]);
  });

  it('leaves out a chain that nobody reads', () => {
    const draft = new ProgramDraft();
    draft.unary('neg', draft.unary('exp', draft.argument([4])));
    expect(withSingleOutputs(withChains(fold(draft.program([])), () => true)).tasks).toEqual([]);
  });
});
