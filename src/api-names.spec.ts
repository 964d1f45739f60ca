import * as dl from 'rxtensor';
import {
  enumerations,
  environmentMethods,
  functionNames,
  methodNames,
  optimizerMethods,
  tensorProperties,
  variableMembers,
} from '../test/support/api-names';
import { descriptions } from '../test/support/ops';

function at(path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], dl);
}

const missingFrom = (value: object, names: readonly string[]): string[] =>
  names.filter((name) => !(name in value));

describe('the names of the library', () => {
  it('are functions and classes', () => {
    expect(functionNames.filter((name) => typeof at(name) !== 'function')).toEqual([]);
  });

  it('are methods of tensors, where the first argument is one', () => {
    const prototype = dl.Tensor.prototype as unknown as Record<string, unknown>;
    expect(methodNames.filter((name) => typeof prototype[name] !== 'function')).toEqual([]);
  });

  it('are no methods where an op says that it is none, and why', () => {
    const prototype = dl.Tensor.prototype as unknown as Record<string, unknown>;
    const isMethod = (name: string): boolean => typeof prototype[name] === 'function';
    const ofOwn = Object.entries(descriptions).filter(([name]) => !name.includes('.'));
    expect(ofOwn.filter(([name, { noMethod }]) => isMethod(name) && noMethod).map(([name]) => name)).toEqual(
      [],
    );
  });

  it('are members of tensors, variables, optimizers and the environment', () => {
    dl.tidy(() => {
      const tensor = dl.scalar(1);
      expect(missingFrom(tensor, tensorProperties)).toEqual([]);
      expect(Symbol.dispose in tensor).toBeTrue();
    });
    const variable = dl.tidy(() => dl.variable(dl.scalar(1)));
    expect(missingFrom(variable, variableMembers)).toEqual([]);
    dl.disposeVariables();
    for (const [name, make] of Object.entries(dl.train)) {
      const optimizer = make(0.1, 0.9);
      expect(missingFrom(optimizer, optimizerMethods)).withContext(name).toEqual([]);
      optimizer.dispose();
    }
    expect(missingFrom(dl.env(), environmentMethods)).toEqual([]);
  });

  it('are enumerations', () => {
    for (const [name, members] of Object.entries(enumerations))
      expect(missingFrom(at(name) as object, members))
        .withContext(name)
        .toEqual([]);
  });

  it('make a method do what the function of its name does', () => {
    dl.tidy(() => {
      const boxes = dl.tensor2d([[0, 0, 1, 1]]);
      expect(boxes.nonMaxSuppression([0.5], 1).arraySync()).toEqual([0]);
      const image = dl.tensor4d([1, 2], [1, 1, 2, 1]);
      expect(Array.from(image.flipLeftRight().dataSync())).toEqual([2, 1]);
      const labels = dl.tensor1d([1, 3]);
      expect(labels.meanSquaredError([1, 1]).arraySync()).toEqual(2);
      expect(
        dl
          .tensor2d([2, 0, 0, 2], [2, 2])
          .qr()
          .map((each) => each.shape),
      ).toEqual([
        [2, 2],
        [2, 2],
      ]);
      expect(dl.eye(2).gramSchmidt().arraySync()).toEqual(dl.eye(2).arraySync());
      expect(dl.tensor1d([1, 2]).meshgrid([3]).length).toBe(2);
      expect(dl.tensor1d([2, 1], 'int32').broadcastArgs([1, 3]).arraySync()).toEqual([2, 3]);
    });
  });
});
