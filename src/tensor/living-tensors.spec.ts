import * as dl from 'rxtensor/tensor';

describe('largestTensors', () => {
  afterEach(() => dl.disableDebugMode());

  it('lists what is alive, largest first, with the place that made it', () => {
    const earlier = dl.ones([1000]);
    dl.enableDebugMode({ log: false });
    const small = dl.tensor1d([1, 2]);
    const large = dl.tidy('my layer', () => dl.ones([8, 8]).square());
    const weight = dl.tidy(() => dl.variable(dl.zeros([4], 'int32')));
    const found = dl.largestTensors();
    expect(found.map(({ id, dtype, shape, bytes }) => ({ id, dtype, shape: [...shape], bytes }))).toEqual([
      { id: large.id, dtype: 'float32', shape: [8, 8], bytes: 256 },
      { id: weight.id, dtype: 'int32', shape: [4], bytes: 16 },
      { id: small.id, dtype: 'float32', shape: [2], bytes: 8 },
    ]);
    expect(found[0]!.madeIn).toBe('my layer > square');
    expect(found[0]!.stack).toMatch(/at |@/);
    expect(found[0]!.stack).not.toContain('noteBirth');
    expect(dl.largestTensors(1).length).toBe(1);
    large.dispose();
    expect(dl.largestTensors().map(({ id }) => id)).toEqual([weight.id, small.id]);
    dl.dispose([earlier, small, weight]);
    expect(dl.largestTensors()).toEqual([]);
  });

  it('lists ten by default', () => {
    dl.enableDebugMode({ log: false });
    dl.tidy(() => {
      for (let size = 1; size <= 12; size++) dl.zeros([size]);
      expect(dl.largestTensors().map(({ bytes }) => bytes / 4)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    });
  });

  it('forgets what is freed by a scope', () => {
    dl.enableDebugMode({ log: false });
    dl.tidy(() => void dl.ones([3]).square());
    expect(dl.largestTensors()).toEqual([]);
  });

  it('says that debug mode is off', () => {
    expect(() => dl.largestTensors()).toThrowError(
      'largestTensors: debug mode is off; wanted enableDebugMode() before the tensors are made',
    );
  });
});
