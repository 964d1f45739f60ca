import * as dl from 'rxtensor/tensor';

/** A browser's clock goes in steps, in which much may be done. */
function untilLater(): void {
  const begin = performance.now();
  while (performance.now() === begin);
}

describe('time', () => {
  it('tells how long kernels took', async () => {
    const { kernelMs, wallMs } = await dl.time(() => {
      dl.tidy(() => void dl.ones([32, 32]).matMul(dl.ones([32, 32])));
      untilLater();
    });
    expect(wallMs).toBeGreaterThan(0);
    expect(Number.isNaN(kernelMs) || kernelMs >= 0).toBeTrue();
    // A browser's clock may be too coarse for the comparison.
    if (dl.getBackend() === 'cpu') expect(kernelMs).toBeLessThanOrEqual(wallMs);
  });

  it('keeps that apart from what else was done', async () => {
    const { kernelMs, wallMs } = await dl.time(untilLater);
    expect(wallMs).toBeGreaterThan(0);
    expect(kernelMs).toBe(0);
  });

  it('passes on an error', async () => {
    const broken = dl.time(() => {
      throw new Error('on purpose');
    });
    await expectAsync(broken).toBeRejectedWithError('on purpose');
  });

  it('refuses what is no function', async () => {
    await expectAsync(dl.time(3 as never)).toBeRejectedWithError(
      /time: argument 'work' is 3; wanted a function/,
    );
  });
});
