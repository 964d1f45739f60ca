import * as dl from 'rxtensor/tensor';

describe('memory', () => {
  it('counts tensors, storages and bytes', () => {
    const before = dl.memory();
    const a = dl.zeros([2, 3]);
    const b = a.reshape([3, 2]);
    const c = dl.tensor1d([true, false]);
    const now = dl.memory();
    expect(now.numTensors - before.numTensors).toBe(3);
    expect(now.numDataBuffers - before.numDataBuffers).toBe(2);
    expect(now.numBytes - before.numBytes).toBe(4 * 6 + 4 * 2);
    dl.dispose([a, b, c]);
  });

  it('counts variables as tensors', () => {
    const before = dl.memory();
    const v = dl.tidy(() => dl.variable(dl.zeros([5])));
    expect(dl.memory().numTensors).toBe(before.numTensors + 1);
    expect(dl.memory().numBytes).toBe(before.numBytes + 20);
    v.dispose();
  });

  it('tells what the backend has set aside', () => {
    const a = dl.zeros([100]);
    const { backend } = dl.memory();
    expect(backend.reservedBytes).toBeGreaterThanOrEqual(400);
    expect(backend.pooledBytes).toBeGreaterThanOrEqual(0);
    a.dispose();
    expect(dl.memory().backend.pooledBytes).toBeLessThanOrEqual(dl.memory().backend.reservedBytes);
  });

  it('does not grow with use', () => {
    const step = (): void =>
      dl.tidy(
        () =>
          void dl
            .ones([64, 64])
            .matMul(dl.ones([64, 64]))
            .square()
            .sum(),
      );
    for (let i = 0; i < 3; i++) step();
    const { reservedBytes } = dl.memory().backend;
    for (let i = 0; i < 50; i++) step();
    expect(dl.memory().backend.reservedBytes).toBe(reservedBytes);
  });
});
