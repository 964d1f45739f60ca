import { ProgramDraft } from '../../../../test/support/programs';
import type { Program } from '../program';
import type { Chain, Task } from '../schedule';
import { withChains } from './chains';
import { fold } from './fold';

const namesOf = (program: Program): (string | string[])[] =>
  withChains(fold(program), () => true).tasks.map((task: Task) =>
    task.kernel === 'chain' ? task.parts.map(nameOf) : nameOf(task),
  );
const nameOf = ({ kernel, ...task }: Task): string =>
  'attributes' in task && 'name' in task.attributes ? task.attributes.name : kernel;
const product = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;

describe('withChains', () => {
  it('joins steps of one shape, also where a value is read twice', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([4, 4]);
    const a = draft.unary('exp', x);
    const b = draft.binary('mul', a, a);
    const c = draft.binary('add', b, a);
    expect(namesOf(draft.program([c]))).toEqual([['exp', 'mul', 'add']]);
  });

  it('gives what others read as outputs, and keeps the rest to itself', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([4, 4]);
    const row = draft.argument([4]);
    const a = draft.unary('exp', x);
    const b = draft.unary('neg', a);
    const c = draft.binary('add', b, row);
    const d = draft.step(
      'matMul',
      product,
      [
        { ...a, shape: [1, 4, 4] },
        { ...c, shape: [1, 4, 4] },
      ],
      [1, 4, 4],
    );
    const { tasks } = withChains(fold(draft.program([c, d])), () => true);
    const chain = tasks[0] as Chain;
    expect(chain.inputs.map(({ slot }) => slot)).toEqual([x.slot, row.slot]);
    expect(chain.outputs.map(({ slot }) => slot)).toEqual([a.slot, c.slot]);
    expect(tasks.length).toBe(2);
  });

  it('ends a chain before a step that reads its values', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([1, 4, 4]);
    const a = draft.unary('neg', draft.unary('exp', x));
    const d = draft.step('matMul', product, [a, a], [1, 4, 4]);
    const b = draft.binary('add', a, d);
    expect(namesOf(draft.program([draft.unary('relu', b)]))).toEqual([
      ['exp', 'neg'],
      'matMul',
      ['add', 'relu'],
    ]);
  });

  it('joins two chains where a step reads both', () => {
    const draft = new ProgramDraft();
    const [x, y] = [draft.argument([4]), draft.argument([4])];
    const a = draft.unary('neg', draft.unary('exp', x));
    const b = draft.unary('neg', draft.unary('sqrt', y));
    expect(namesOf(draft.program([draft.binary('add', a, b)]))).toEqual([
      ['exp', 'neg', 'sqrt', 'neg', 'add'],
    ]);
  });

  it('does not join steps of other shapes, nor those whose attributes vary', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([4]);
    const a = draft.unary('exp', x);
    const b = draft.binary('add', draft.argument([3, 4]), a);
    const c = draft.step('unary', { name: 'step', p: 1, q: 0 }, [b], [3, 4], 'float32', 0);
    expect(namesOf(draft.program([c]))).toEqual(['exp', 'add', 'step']);
  });

  it('does not put off a sum for a step that comes much later', () => {
    const draft = new ProgramDraft();
    const shape = [256, 512];
    const terms = [0, 1, 2].map(() => draft.argument(shape));
    const sum = draft.binary('add', draft.unary('exp', terms[0]!), terms[1]!);
    const sorted = draft.step('tile', {}, [draft.argument([1])], [1 << 17]);
    const all = draft.binary('add', sum, terms[2]!);
    expect(namesOf(draft.program([all, sorted]))).toEqual([['exp', 'add'], 'tile', 'add']);
    const short = new ProgramDraft();
    const [x, y] = [short.argument(shape), short.argument(shape)];
    const exp = short.unary('exp', x);
    const tiled = short.step('tile', {}, [short.argument([1])], [1 << 17]);
    expect(namesOf(short.program([short.binary('add', exp, y), tiled]))).toEqual(['tile', ['exp', 'add']]);
  });

  it('reads a captured tensor before a step may write it in place', () => {
    const draft = new ProgramDraft();
    const gradient = draft.argument([4]);
    const variable = draft.captured([4]);
    const a = draft.unary('neg', draft.unary('exp', variable));
    const rule = { name: 'sgd', hyperparameters: [0.1] } as never;
    const next = draft.step('update', rule, [variable, gradient], [4]);
    const b = draft.unary('sqrt', a);
    const program = draft.program([b], [{ captured: 0, slot: next.slot }]);
    expect(namesOf(program)).toEqual([['exp', 'neg'], 'sgd', 'sqrt']);
  });
});
