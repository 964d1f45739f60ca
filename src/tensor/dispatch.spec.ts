import * as dl from 'rxtensor/tensor';
import { activeBackend } from '../kernels';
import { expectExact } from '../testing/close';
import { dispatchOne, observeKernels } from './dispatch';

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

  it('runs without an observer too', () => {
    const observer = observeKernels(null);
    dl.tidy(() => expectExact(dl.ones([2]).add(1), [2, 2]));
    observeKernels(observer);
  });
});

describe('observeKernels', () => {
  it('tells of each kernel, by op, with inputs and outputs', () => {
    const seen: string[] = [];
    const before = observeKernels(({ op, kernel, inputs, outputs, wallMs }) => {
      seen.push(
        `${op} by ${kernel}: ${inputs.length} to [${outputs.map((each) => String(each.shape)).join()}]`,
      );
      expect(wallMs).toBeGreaterThanOrEqual(0);
    });
    dl.tidy(
      () =>
        void dl
          .ones([2])
          .add(dl.ones([3, 1]))
          .reshape([6]),
    );
    observeKernels(before);
    expect(seen).toEqual(['ones by fill: 0 to [2]', 'ones by fill: 0 to [3,1]', 'add by binary: 2 to [3,2]']);
  });
});
