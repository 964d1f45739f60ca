import * as dl from 'rxtensor/tensor';
import { op } from './op';
import { currentScope, scopeDepth } from './extent';

describe('op', () => {
  it('frees what is made on the way to the result', () => {
    const before = dl.memory().numTensors;
    const variance = op('variance', (x: dl.Tensor) => x.sub(x.mean()).square().mean());
    const x = dl.tensor1d([1, 3]);
    const y = variance(x);
    expect(dl.memory().numTensors).toBe(before + 2);
    expect(y.dataSync()[0]).toBe(1);
    dl.dispose([x, y]);
  });

  it('names its scope, and closes it after an error', () => {
    expect(op('mine', () => currentScope()?.label)()).toBe('mine');
    expect(() =>
      op('mine', () => {
        dl.ones([1]);
        throw new Error('no');
      })(),
    ).toThrowError('no');
    expect(scopeDepth()).toBe(0);
  });
});
