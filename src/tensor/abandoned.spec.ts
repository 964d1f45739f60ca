import * as dl from '../index';

/** Empties the list of newcomers, which other specs may have left nearly full: its tensors are then registered. */
function emptyList(): void {
  const waiting = dl.scalar(0);
  while (!waiting.isRegistered) dl.scalar(0).dispose();
  waiting.dispose();
}

describe('a tensor outside of every scope', () => {
  it('is registered with the collector once it has outlived some others, and no more when it is disposed', () => {
    emptyList();
    const old = dl.scalar(1);
    const gone = dl.scalar(2);
    gone.dispose();
    expect(old.isRegistered).toBe(false);
    for (let i = 0; i < 100; i++) dl.scalar(i).dispose();
    expect(old.isRegistered).toBe(true);
    expect(gone.isRegistered).toBe(false);
    old.dispose();
    expect(old.isRegistered).toBe(false);
  });

  it('is registered at once where it is large', () => {
    const large = dl.zeros([100, 100]);
    expect(large.isRegistered).toBe(true);
    large.dispose();
  });

  it('is registered too where a scope has let it go: kept, or returned from the outermost tidy', () => {
    const [kept, returned] = dl.tidy(() => [dl.keep(dl.scalar(1)), dl.scalar(2)]) as [dl.Tensor, dl.Tensor];
    for (let i = 0; i < 100; i++) dl.scalar(i).dispose();
    expect([kept.isRegistered, returned.isRegistered]).toEqual([true, true]);
    dl.dispose([kept, returned]);
  });
});
