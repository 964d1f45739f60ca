// Published packages that are made for TensorFlow.js run on rxtensor/tfjs unchanged, with one alias in the bundler, and give what they give
// on TensorFlow.js. Where a package loads its model from a site, a small model of the same form stands for it here.
import { chosen, isWholeRun } from './choice';
import { packages } from './drop-in-calls';
import { built, servePackages } from './drop-in-packages';
import { installModels } from './packages';

installModels();

const TOLERANCE = 1e-3;
/** How often each package is called again, on TensorFlow.js and on ours. */
const CALLS = [2, isWholeRun() ? 100 : 2] as const;

/** Where two results differ; null if nowhere. Numbers may be apart by the tolerance, relative to the greatest of their list. */
function difference(found: unknown, wanted: unknown, scale = 1, path = 'result'): string | null {
  if (typeof wanted === 'number') {
    const isNear = Math.abs((found as number) - wanted) <= TOLERANCE * scale;
    return isNear ? null : `${path} is ${String(found)}; wanted ${wanted}`;
  }
  // A score as a text, with two places.
  if (typeof wanted === 'string' && /^[\d.]+$/.test(wanted))
    return difference(Number(found), Number(wanted), 10, path);
  if (typeof wanted !== 'object' || wanted === null)
    return Object.is(found, wanted) ? null : `${path} is ${String(found)}; wanted ${String(wanted)}`;
  const keys = Object.keys(wanted);
  if (typeof found !== 'object' || found === null || Object.keys(found).join() !== keys.join())
    return `${path} is ${JSON.stringify(found)?.slice(0, 200)}; wanted ${JSON.stringify(wanted).slice(0, 200)}`;
  const numbers = Object.values(wanted).filter((each): each is number => typeof each === 'number');
  const greatest = Math.max(1, scale, ...numbers.map(Math.abs));
  for (const key of keys) {
    const apart = difference(
      (found as Record<string, unknown>)[key],
      (wanted as Record<string, unknown>)[key],
      greatest,
      `${path}.${key}`,
    );
    if (apart) return apart;
  }
  return null;
}

describe('packages made for TensorFlow.js, on rxtensor/tfjs', () => {
  let server: Awaited<ReturnType<typeof servePackages>>;

  beforeAll(async () => {
    server = await servePackages();
  });

  afterAll(() => server.close());

  const names = chosen(
    'packages made for TensorFlow.js',
    packages.map(({ name }) => name),
  );
  for (const each of packages.filter(({ name }) => names.includes(name))) {
    const { name, open } = each;
    it(`${name} gives what it gives on TensorFlow.js, and holds no more with each call`, async () => {
      const results: unknown[] = [];
      /** The tensors that a call leaves. */
      const left: number[] = [];
      for (const isOurs of [false, true]) {
        const { used, tf } = await built(each, isOurs ? 'ours' : 'backend-cpu');
        tf.env().set('PROD', true);
        await tf.setBackend('cpu');
        const call = await open(used as never, tf, server.address);
        results.push(await call());
        const before = tf.memory().numTensors;
        const count = CALLS[isOurs ? 1 : 0];
        for (let calls = 0; calls < count; calls++) await call();
        left.push((tf.memory().numTensors - before) / count);
      }
      expect(JSON.stringify(results[0])?.length).toBeGreaterThan(20);
      expect(difference(results[1], results[0])).toBeNull();
      // Some packages leave tensors themselves.
      expect(left[1]).toBe(left[0]);
    });
  }
});
