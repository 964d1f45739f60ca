import * as dl from 'rxtensor/tensor';
import { expectNoLeak } from '.';

describe('A watch for leaks', () => {
  it('looks a few times at each of many tensors that live together', () => {
    const count = 20_000;
    const looks = spyOnProperty(dl.Tensor.prototype, 'isDisposed', 'get').and.callThrough();
    expectNoLeak(() => dl.dispose(Array.from({ length: count }, () => dl.ones([1]))));
    expect(looks.calls.count()).toBeGreaterThan(count);
    // A sweep at every kernel, past the first ten thousand, would look more than a hundred million times.
    expect(looks.calls.count()).toBeLessThan(20 * count);
  });
});
