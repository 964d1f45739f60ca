// What every op says of arguments that are wrong, and that nothing is left behind by its error. What each argument wants is in
// src/testing/wrong-arguments; an op or a kind of error without its row fails the first specs.
import { dispose } from 'rxtensor/tensor';
import { opNamed, opNames } from '../../testing/op-names';
import { argumentRows, plainKinds, tensorKinds, type Row } from '../../testing/wrong-arguments';
import { faultsOf } from '../../testing/wrong-arguments/wrong-calls';

const isAsync = (name: string): boolean => /(Async|toPixels)$/.test(name);
const rowOf = (name: string): Row => {
  const row = argumentRows[name]!;
  return 'args' in row ? row : { args: row };
};

describe('the table of arguments', () => {
  it('has a row for every op there is, and for no other', () => {
    expect(Object.keys(argumentRows).sort()).toEqual([...opNames].sort());
  });

  it('says of every argument how it can be wrong in each kind, or why it cannot', () => {
    const missing = Object.keys(argumentRows).flatMap((name) =>
      rowOf(name).args.flatMap(({ name: argument, wrong }) => {
        const kinds = 'disposed' in wrong ? tensorKinds : plainKinds;
        return kinds
          .filter((kind) => (wrong[kind]?.length ?? 0) === 0)
          .map((kind) => `${name}, ${argument}: ${kind}`);
      }),
    );
    expect(missing).toEqual([]);
  });
});

describe('wrong arguments:', () => {
  for (const name of opNames) {
    it(`${name} takes those that are right`, async () => {
      spyOn(console, 'log');
      const { args, call } = rowOf(name);
      const values = args.map(({ valid }) => valid());
      const f = opNamed(name);
      const result = await (call ? call(f, ...values) : f(...values));
      dispose([result, values]);
      expect(values.length).toBe(args.length);
    });

    it(`${name} names what is wrong with each argument, and leaves nothing behind`, async () => {
      expect(await faultsOf(name, opNamed(name), rowOf(name), isAsync(name))).toEqual([]);
    });
  }
});
