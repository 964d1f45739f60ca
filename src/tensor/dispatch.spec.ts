import * as dl from 'rxtensor/tensor';
import { activeBackend } from '../kernels';
import { dispatchOne } from './dispatch';

describe('dispatch', () => {
  it('leaves nothing allocated when a kernel fails', () => {
    const before = dl.memory();
    const backend = activeBackend();
    spyOn(backend, 'run').and.throwError('the device is gone');
    expect(() => dl.ones([2, 3])).toThrowError('the device is gone');
    expect(() => dl.tidy(() => dispatchOne('fill', 'fill', [], [4], 'float32', { value: 1 }))).toThrowError(
      'the device is gone',
    );
    expect(dl.memory()).toEqual({ ...before, backend: dl.memory().backend });
  });

  it('runs no kernel where there is nothing to fill', () => {
    const run = spyOn(activeBackend(), 'run').and.callThrough();
    dl.tidy(() => {
      dl.zeros([0, 3]).square();
      expect(run).not.toHaveBeenCalled();
      dl.zeros([1]);
      expect(run).toHaveBeenCalledTimes(1);
    });
  });
});
