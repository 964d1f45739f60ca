import * as dl from 'rxtensor/tensor';

describe('profile', () => {
  it('tells which kernels ran, on what, and what that took', async () => {
    const before = dl.memory();
    const profile = await dl.profile(() => dl.tidy(() => dl.ones([4, 4]).square().sum(1)));
    const { kernels, kernelNames, newBytes, newTensors, peakBytes, result } = profile;
    expect(kernelNames).toEqual(['ones', 'square', 'sum']);
    expect(
      kernels.map(({ name, kernel, inputShapes, outputShapes }) => ({
        name,
        kernel,
        inputShapes,
        outputShapes,
      })),
    ).toEqual([
      { name: 'ones', kernel: 'fill', inputShapes: [], outputShapes: [[4, 4]] },
      { name: 'square', kernel: 'unary', inputShapes: [[4, 4]], outputShapes: [[4, 4]] },
      { name: 'sum', kernel: 'reduce', inputShapes: [[4, 4]], outputShapes: [[4]] },
    ]);
    expect(kernels.map(({ bytesAdded, tensorsAdded }) => [bytesAdded, tensorsAdded])).toEqual([
      [64, 1],
      [64, 1],
      [16, 1],
    ]);
    expect(kernels.map(({ totalBytesSnapshot }) => totalBytesSnapshot - before.numBytes)).toEqual([
      64, 128, 144,
    ]);
    expect(kernels.map(({ totalTensorsSnapshot }) => totalTensorsSnapshot - before.numTensors)).toEqual([
      1, 2, 3,
    ]);
    for (const { kernelTimeMs, wallTimeMs } of kernels) {
      expect(wallTimeMs).toBeGreaterThanOrEqual(0);
      expect(Number.isNaN(kernelTimeMs) || kernelTimeMs >= 0).toBeTrue();
      if (dl.getBackend() === 'cpu') expect(kernelTimeMs).toBeLessThanOrEqual(wallTimeMs);
    }
    expect([newBytes, newTensors, peakBytes - before.numBytes]).toEqual([16, 1, 144]);
    expect([...result.dataSync()]).toEqual([4, 4, 4, 4]);
    result.dispose();
  });

  it('waits for a promise', async () => {
    const { kernelNames, result } = await dl.profile(async () => {
      await dl.nextFrame();
      return dl.tidy(() => dl.ones([2]).neg());
    });
    expect(kernelNames).toEqual(['ones', 'neg']);
    result.dispose();
  });

  it('may run within another', async () => {
    const outer = dl.profile(async () => {
      const inner = await dl.profile(() => dl.ones([1]));
      inner.result.dispose();
      const after = dl.zeros([1]);
      after.dispose();
      return inner.kernelNames;
    });
    const { kernelNames, result, newTensors } = await outer;
    expect(result).toEqual(['ones']);
    expect(kernelNames).toEqual(['ones', 'zeros']);
    expect(newTensors).toBe(0);
  });

  it('passes on an error, and stops watching', async () => {
    await expectAsync(
      dl.profile(() => {
        throw new Error('on purpose');
      }),
    ).toBeRejectedWithError('on purpose');
    await expectAsync(dl.profile(3 as never)).toBeRejectedWithError(
      "profile: argument 'f' is 3; wanted a function",
    );
  });
});
