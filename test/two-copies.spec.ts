import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { of, type Observable } from 'rxjs';
import type * as dl from '../src/script';

type Library = typeof dl;

const CAUSE =
  /another copy of rxtensor \(\d+ copies of rxtensor are loaded, which do not know each other's tensors: install one version, as `npm dedupe` does, and import it by one path\)/;
const PERHAPS = /\. \(\d+ copies of rxtensor are loaded, .* install one version/;

async function copy(name: string): Promise<Library> {
  const outfile = resolve(`.cache/two-copies/${name}.mjs`);
  await build({
    entryPoints: ['src/script.ts'],
    outfile,
    bundle: true,
    ignoreAnnotations: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return (await import(pathToFileURL(outfile).href)) as Library;
}

/** The error that a stream ends with, or the one that making it throws. */
async function errorOf(make: () => Observable<unknown>): Promise<string> {
  try {
    await make().forEach(() => undefined);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('Two copies of the library in one program', () => {
  let a: Library;
  let b: Library;
  let x: InstanceType<Library['Tensor']>;
  let weight: InstanceType<Library['Variable']>;

  beforeAll(async () => {
    [a, b] = [await copy('a'), await copy('b')];
    x = b.tensor1d([1, 2]);
    weight = b.tidy(() => b.variable(b.scalar(1), true, 'weight'));
  });

  afterAll(() => {
    x.dispose();
    weight.dispose();
  });

  it('are named where an op, a scope or a gradient is given what is of the other', () => {
    const optimizer = a.train.sgd(0.1);
    const own = a.tidy(() => a.variable(a.scalar(1), true, 'own'));
    const calls: Readonly<Record<string, () => unknown>> = {
      add: () => a.add(1, x),
      'x.add': () => a.tidy(() => a.scalar(1).add(x)),
      concat: () => a.concat([x as never, x as never]),
      variable: () => a.variable(x),
      assign: () => own.assign(weight as never),
      keep: () => a.keep(x as never),
      dispose: () => a.dispose({ here: [x] }),
      grad: () => a.grad(() => x)(a.scalar(1)),
      'grad at': () => a.grad((y) => y)(x),
      variableGrads: () => a.variableGrads(() => own, [weight]),
      minimize: () => optimizer.minimize(() => weight as never),
      applyGradients: () => optimizer.applyGradients({ own: x }),
      checkpoint: () => a.checkpoint({ every: 1, store: a.memoryStore(), variables: [weight as never] }),
      resume: () => a.resume(a.memoryStore(), b.train.sgd(0.1), () => []),
      trainStep: () => a.trainStep(b.train.adam(), () => own.square()),
    };
    const { numTensors } = a.memory();
    for (const [name, call] of Object.entries(calls)) {
      expect(call).withContext(name).toThrowError(CAUSE);
    }
    a.dispose(own);
    optimizer.dispose();
    expect(a.memory().numTensors).toBeLessThanOrEqual(numTensors);
    expect(() => a.add(1, x)).toThrowError(
      /^add: argument 'b' is a Tensor of another copy of rxtensor \(.*\); wanted a tensor/,
    );
  });

  it('are named where a name or a backend of the other is asked for', () => {
    b.registerBackend('mine', () => b.backend(), 0);
    expect(() => a.setBackend('mine')).toThrowError(PERHAPS);
    const optimizer = a.train.sgd(0.1);
    expect(() => a.tidy(() => optimizer.applyGradients({ weight: a.scalar(1) }))).toThrowError(PERHAPS);
  });

  it('are named where an operator is given a tensor, or an emission, of the other', async () => {
    const operators: Readonly<Record<string, () => (values$: Observable<never>) => Observable<unknown>>> = {
      download: () => a.download(),
      mapTensor: () => a.mapTensor((y) => y),
      batch: () => a.batch(1),
      slidingWindow: () => a.slidingWindow(1),
      own: () => a.own(),
      scoped: () => a.scoped(),
      across: () => a.across((values$) => values$),
      unbatch: () => a.unbatch(),
      latest: () => a.latest(),
      shareReplayTensor: () => a.shareReplayTensor(),
      combineLatestTensor: () => (values$) => a.combineLatestTensor([values$]),
      zipTensor: () => (values$) => a.zipTensor([values$]),
      withLatestFromTensor: () => a.withLatestFromTensor(of(1)),
      inWorker: () =>
        a.inWorker(() => {
          const { port1 } = new MessageChannel();
          return Object.assign(port1, { terminate: () => port1.close() });
        }),
    };
    const { numTensors } = a.memory();
    for (const [name, operator] of Object.entries(operators)) {
      for (const value of [x, { deep: [x] }]) {
        const message = await errorOf(() => operator()(of(value) as unknown as Observable<never>));
        expect(message).withContext(name).toMatch(CAUSE);
        expect(message)
          .withContext(name)
          .toMatch(new RegExp(`^${name}: `));
      }
    }
    expect(a.memory().numTensors).toBe(numTensors);
    const optimizer = b.train.sgd(0.1);
    const trained = b.examples([1]).pipe(
      b.mapTensor(() => weight.square()),
      b.trainStep(optimizer),
      b.download(),
    );
    const message = await errorOf(() =>
      trained.pipe(a.checkpoint({ every: 1, store: a.memoryStore(), variables: [] })),
    );
    expect(message).toMatch(/^checkpoint: the value was not trained with: /);
    expect(message).toMatch(PERHAPS);
    expect(await errorOf(() => a.examples({ x } as never))).toMatch(CAUSE);
  });
});
