import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { loseContext } from '../../test/support/lose-context';
import { describeOwnWebGL } from '../../test/support/own-backends';

describeOwnWebGL('recorded, when the context is lost', () => {
  beforeEach(() => dl.setBackend('webgl'));
  afterEach(() => dl.setBackend('webgl'));

  it('tells it, leaves nothing behind, and records anew on the next context', () => {
    const f = recorded((x: dl.Tensor) => x.mul(dl.tensor1d([1, 2])).add(1));
    const call = (): number[] => dl.tidy(() => Array.from(f(dl.tensor1d([3, 4])).dataSync()));
    for (let i = 0; i < 4; i++) expect(call()).toEqual([4, 9]);
    const { numTensors } = dl.memory();
    loseContext();
    expect(call).toThrowError(dl.ContextLostError);
    expect(dl.memory().numTensors).toBe(numTensors);
    dl.setBackend('webgl');
    for (let i = 0; i < 4; i++) expect(call()).toEqual([4, 9]);
    f.dispose();
  });
});
