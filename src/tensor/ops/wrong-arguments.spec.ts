// What every op says of arguments that are wrong, and that nothing is left behind by its error. What each argument wants is in
// test/support/ops; an op, or a kind of error, that is not described fails the first specs.
import * as dl from 'rxtensor/tensor';
import { givesPromise, opNamed, opNames } from '../../../test/support/op-names';
import { descriptions } from '../../../test/support/ops';
import { plainKinds, tensorKinds, type Row } from '../../../test/support/wrong-arguments/argument';
import { functionRows } from '../../../test/support/wrong-arguments/functions';
import { faultsOf } from '../../../test/support/wrong-arguments/wrong-calls';

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));
const rowOf = (name: string): Row => descriptions[name]!;

describe('the table of arguments', () => {
  it('has a row for every op there is, and for no other', () => {
    expect(Object.keys(descriptions).sort()).toEqual([...opNames].sort());
  });

  it('has a row for every other function that takes arguments', () => {
    const without = [
      ...[
        'memory',
        'getRandomState',
        'backend',
        'nextFrame',
        'ready',
        'disposeVariables',
        'getBackend',
        'backendReport',
        'env',
      ],
      ...['disableDebugMode'],
    ];
    // They take what there is: there may be nothing to dispose of, no such backend.
    const forgiving = ['dispose', 'removeBackend'];
    const functions = Object.entries(dl)
      .filter(([name, value]) => typeof value === 'function' && !isClass(value) && !opNames.includes(name))
      .map(([name]) => name);
    const known = [...Object.keys(functionRows), ...without, ...forgiving];
    expect([...functions, ...Object.keys(dl.train)].filter((name) => !known.includes(name))).toEqual([]);
  });

  it('says of every argument how it can be wrong in each kind, or why it cannot', () => {
    const rows = [
      ...opNames.map((name): [string, Row] => [name, rowOf(name)]),
      ...Object.entries(functionRows),
    ];
    const missing = rows.flatMap(([name, { args }]) =>
      args.flatMap(({ name: argument, wrong }) => {
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
      dl.dispose([result, values]);
      expect(values.length).toBe(args.length);
    });

    it(`${name} names what is wrong with each argument, and leaves nothing behind`, async () => {
      expect(await faultsOf(name, opNamed(name), rowOf(name), { isAsync: givesPromise(name) })).toEqual([]);
    });
  }

  for (const [name, row] of Object.entries(functionRows)) {
    it(`${name} names what is wrong with each argument, and leaves nothing behind`, async () => {
      const f = row.f as (...args: unknown[]) => unknown;
      expect(await faultsOf(name, f, row, row)).toEqual([]);
    });
  }
});

/** What is a method under another name, by the op it is. */
const aliases: Readonly<Record<string, string>> = {
  ...{ asType: 'cast', toFloat: 'cast', toInt: 'cast', toBool: 'cast' },
  ...{ reshapeAs: 'reshape', flatten: 'reshape', asScalar: 'reshape' },
  ...{ as1D: 'reshape', as2D: 'reshape', as3D: 'reshape', as4D: 'reshape', as5D: 'reshape' },
  ...{ resizeBilinear: 'image.resizeBilinear', resizeNearestNeighbor: 'image.resizeNearestNeighbor' },
};
const prototype = dl.Tensor.prototype as unknown as Record<string, unknown>;
/** `clone` and `print` of a tensor are no ops called in another way. */
const methods = [...opNames, ...Object.keys(aliases)].filter(
  (name) => typeof prototype[name] === 'function' && name !== 'clone' && name !== 'print',
);

describe('wrong arguments: the method', () => {
  it('is there for most ops', () => {
    expect(methods.length).toBeGreaterThan(150);
  });

  for (const name of methods) {
    it(`${name} names its op when its tensor was disposed`, async () => {
      const op = aliases[name] ?? name;
      // The tensor of `where` stands between its condition and the other one.
      const rest = rowOf(op)
        .args.filter((_, i) => i !== (name === 'where' ? 1 : 0))
        .map(({ valid }) => valid());
      const x = dl.tensor1d([1]);
      if (name === 'reshapeAs') rest[0] = x;
      x.dispose();
      const inner = op.replace('image.', '');
      const message = new RegExp(`^${inner}: argument '.*' is tensor #.*, which was disposed`);
      const call = (): unknown => (prototype[name] as (...args: unknown[]) => unknown).call(x, ...rest);
      if (givesPromise(name)) await expectAsync(call() as Promise<unknown>).toBeRejectedWithError(message);
      else expect(call).toThrowError(message);
      dl.dispose(rest);
    });
  }
});
