import { ProgramDraft } from '../../../../test/support/programs';
import { textOf, withoutCommonSteps } from './common-steps';
import { withoutDeadSteps } from './dead-steps';

const random = { distribution: 'uniform', low: 0, high: 1, key0: 1, key1: 2 } as never;

describe('withoutCommonSteps', () => {
  it('takes equal steps once, also those that are equal because of it', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([4]);
    const [a, b] = [draft.unary('exp', x), draft.unary('exp', x)];
    const [c, d] = [draft.unary('neg', a), draft.unary('neg', b)];
    const program = withoutCommonSteps(draft.program([draft.binary('add', c, d)]));
    expect(program.steps.length).toBe(3);
    expect(program.steps[2]!.inputs.map(({ slot }) => slot)).toEqual([c.slot, c.slot]);
  });

  it('tells apart attributes, −0 from 0, shapes, dtypes and inputs', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([4]);
    const y = draft.argument([4]);
    const zero = (value: number, shape: readonly number[]): ReturnType<typeof draft.step> =>
      draft.step('fill', { value }, [], shape);
    const all = [
      draft.unary('exp', x),
      draft.unary('exp', y),
      draft.unary('leakyRelu', x, 0.1),
      draft.unary('leakyRelu', x, 0.2),
      zero(0, [4]),
      zero(-0, [4]),
      zero(0, [2, 2]),
      draft.step('cast', {}, [x], [4], 'int32'),
      draft.step('cast', {}, [x], [4], 'bool'),
    ];
    const sum = all.slice(0, 7).reduce((a, b) => draft.binary('add', a, { slot: b.slot, shape: [4] }));
    const program = draft.program([sum, draft.unary('neg', all[7]!), draft.unary('neg', all[8]!)]);
    expect(withoutCommonSteps(program)).toBe(program);
  });

  it('does not join random numbers, attributes that vary, or two results', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([4]);
    const noise = [0, 1].map(() => draft.step('random', random, [], [4]));
    const varied = [0, 1].map(() => draft.step('fill', { value: 1 }, [], [4], 'float32', 0));
    const results = [0, 1].map(() => draft.unary('exp', x));
    const sum = [...noise, ...varied].reduce((a, b) => draft.binary('add', a, b));
    const program = draft.program([sum, ...results]);
    expect(withoutDeadSteps(withoutCommonSteps(program)).steps).toEqual(program.steps);
  });
});

describe('textOf', () => {
  it('is one text for equal attributes in any order', () => {
    expect(textOf({ b: [1, NaN], a: 'x' })).toBe(textOf({ a: 'x', b: [1, NaN] }));
    expect(textOf({ a: '1' })).not.toBe(textOf({ a: 1 }));
    expect(textOf({ a: Infinity })).not.toBe(textOf({ a: null }));
  });
});
