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
});
