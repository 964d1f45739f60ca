import * as dl from 'rxtensor/tensor';
import { asynchronousBackend } from '../../test/support/asynchronous-backend';

/** Makes the next use of a backend choose the default. */
function forgetChoice(): void {
  dl.registerBackend('forgotten', () => asynchronousBackend('forgotten'), 0);
  dl.setBackend('forgotten');
  dl.removeBackend('forgotten');
}

const named = (name: string, caveat = ''): dl.Backend => ({
  ...asynchronousBackend(name),
  device: { name: `device of ${name}`, caveat },
});

describe('backendReport', () => {
  let before: string;
  let said: jasmine.Spy;

  beforeEach(() => {
    before = dl.getBackend();
    said = spyOn(console, 'info');
  });

  afterEach(() => {
    dl.setBackend(before);
    for (const name of ['slow', 'refused', 'fast', 'never']) dl.removeBackend(name);
  });

  it('tells what was chosen, and on which device', () => {
    const { backend, reason, device, floatPrecision } = dl.backendReport();
    expect(backend).toBe(before);
    expect(reason).toContain(`setBackend('${before}') chose it`);
    expect(device).toMatch(before === 'cpu' ? /^(TypeScript|WebAssembly, (relaxed )?SIMD)$/ : /\w/);
    expect(floatPrecision).toBe(32);
    expect(said).not.toHaveBeenCalled();
  });

  it('tells why the default is not one that comes before it, and so does the console, once', async () => {
    dl.registerBackend('slow', () => named('slow', 'it counts on its fingers'), 103);
    dl.registerBackend('refused', () => 'its driver is too old', 102);
    dl.registerBackend('never', () => null, 101);
    dl.registerBackend('fast', () => named('fast'), 100);
    const reason =
      "'fast' is the default here; 'slow' is not, since it counts on its fingers (setBackend('slow') takes it); " +
      "'refused' is not, since its driver is too old; 'never' is not, since this machine has none";
    const report: dl.BackendReport = {
      backend: 'fast',
      reason,
      device: 'device of fast',
      floatPrecision: 32,
      unsupported: jasmine.objectContaining({
        refused: 'its driver is too old',
        never: 'this machine has none',
      }) as never,
    };
    forgetChoice();
    expect(dl.getBackend()).toBe('fast');
    expect(dl.backendReport()).toEqual(report);
    forgetChoice();
    await dl.ready();
    expect(dl.backendReport()).toEqual(report);
    expect(said.calls.allArgs()).toEqual([[`rxtensor: ${reason}`]]);

    dl.setBackend('slow');
    expect(dl.backendReport().reason).toBe("setBackend('slow') chose it, although it counts on its fingers");
    expect(() => dl.setBackend('refused')).toThrowError(/supports \(its driver is too old\)$/);
    expect(() => dl.setBackend('never')).toThrowError(/supports$/);
  });

  describe('of a device that computes wrongly', () => {
    let settle: (wrong: string | null) => void;
    let warned: jasmine.Spy;

    beforeEach(() => {
      warned = spyOn(console, 'warn');
      const checked = new Promise<string | null>((resolve) => (settle = resolve));
      dl.registerBackend('fast', () => named('fast'), 100);
      dl.registerBackend('slow', () => ({ ...named('slow'), check: () => checked }), 101);
    });

    const reason = "'fast' is the default here; 'slow' is not, since 1 + 1 is 3";

    it('says so, and the next backend is used', async () => {
      forgetChoice();
      expect(dl.getBackend()).toBe('slow');
      const ready = dl.ready();
      settle('1 + 1 is 3');
      await ready;
      expect(dl.backendReport()).toEqual(
        jasmine.objectContaining({
          backend: 'fast',
          reason,
          unsupported: jasmine.objectContaining({ slow: '1 + 1 is 3' }) as never,
        }),
      );
      expect(warned).toHaveBeenCalledOnceWith(
        "rxtensor: the backend 'slow' is not used any more: 1 + 1 is 3",
      );
      expect(() => dl.setBackend('slow')).toThrowError(/supports \(1 \+ 1 is 3\)$/);
    });

    it('rejects what setBackend returned', async () => {
      forgetChoice();
      const chosen = dl.setBackend('slow');
      expect(dl.getBackend()).toBe('slow');
      settle('1 + 1 is 3');
      await expectAsync(chosen).toBeRejectedWithError(/supports \(1 \+ 1 is 3\)$/);
      expect(dl.getBackend()).toBe('fast');
    });

    it('goes back to the backend before, where the device is opened asynchronously', async () => {
      forgetChoice();
      dl.registerBackend('refused', () =>
        Promise.resolve({
          ...named('refused'),
          check: () => Promise.resolve('it is late'),
        }),
      );
      dl.setBackend('fast');
      await expectAsync(dl.setBackend('refused')).toBeRejectedWithError(/supports \(it is late\)$/);
      expect(dl.getBackend()).toBe('fast');
    });

    it('leaves a device that computes rightly alone', async () => {
      const chosen = dl.setBackend('slow');
      settle(null);
      expect(await chosen).toBeTrue();
      await dl.ready();
      expect(dl.getBackend()).toBe('slow');
      expect(warned).not.toHaveBeenCalled();
    });
  });
});
