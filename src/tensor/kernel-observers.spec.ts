import * as dl from 'rxtensor/tensor';
import { activeBackend } from '../kernels';
import { observeKernels } from './kernel-observers';

describe('observeKernels', () => {
  it('tells of each kernel, by op, with inputs and outputs', () => {
    const seen: string[] = [];
    const stop = observeKernels(({ op, kernel, inputs, outputs, wallMs }) => {
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
    stop();
    expect(seen).toEqual(['ones by fill: 0 to [2]', 'ones by fill: 0 to [3,1]', 'add by binary: 2 to [3,2]']);
  });

  it('tells of the time on the device where one asks for it', async () => {
    const times: Promise<number>[] = [];
    const stops = [
      observeKernels(() => undefined),
      observeKernels(({ deviceMs }) => times.push(deviceMs), { timed: true }),
    ];
    dl.tidy(() => void dl.ones([2]).square());
    for (const stop of stops) stop();
    dl.tidy(() => void dl.ones([2]));
    const found = await Promise.all(times);
    expect(found.length).toBe(2);
    expect(found.every((ms) => Number.isNaN(ms) || ms >= 0)).toBeTrue();
  });

  it('passes on what a kernel throws, timed or not', () => {
    spyOn(activeBackend(), 'run').and.throwError('the device is gone');
    for (const timed of [false, true]) {
      const stop = observeKernels(() => fail('a kernel that failed was observed'), { timed });
      expect(() => dl.ones([2])).toThrowError('the device is gone');
      stop();
    }
  });
});
