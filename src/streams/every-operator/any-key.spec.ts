import * as dl from 'rxtensor';
import { alignBy } from 'rxtensor/vision';
import { inWorker, serve } from 'rxtensor/workers';
import { lastValueFrom, map, of, pipe, type OperatorFunction } from 'rxjs';
import { mapContainer } from '../../tensor/container';
import { plain } from '../../../test/support/marbles';

/** Keys that every object inherits something by, and one that is not special. */
const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', '0', 'x'];

type Table = Readonly<Record<string, unknown>>;

/** An object with one property of its own, beside `y`. */
function objectWith(key: string, value: unknown): Table {
  return Object.fromEntries([
    [key, value],
    ['y', dl.scalar(2)],
  ]);
}

/** The properties of its own, nested objects likewise; all that it inherits must be an object's own affair. */
function ownProperties(value: unknown): unknown {
  const read = value instanceof dl.Tensor ? plain(value) : value;
  if (ArrayBuffer.isView(read)) return Array.from(read as Float32Array);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return read;
  expect(Object.getPrototypeOf(read)).withContext('what a value inherits from').toBe(Object.prototype);
  return Object.entries(read).map(([key, part]) => [key, ownProperties(part)]);
}

/** Whatever takes an object of tensors and gives one of the same keys. */
const operators: Readonly<Record<string, OperatorFunction<Table, unknown>>> = {
  download: dl.download<Table>(),
  mapTensor: dl.mapTensor((value: Table) => value),
  mapTensorAsync: dl.mapTensorAsync((value: Table) => Promise.resolve(value)),
  predict: dl.predict((value: Table) => value),
  scanTensor: dl.scanTensor(
    (_: Table, value: Table) => value,
    () => ({}),
  ),
  shuffle: dl.shuffle<Table>(1, { seed: 1 }),
  across: dl.across(map((value: Table) => value)),
  own: pipe(
    dl.own<Table>(),
    map((value) => {
      const seen = mapContainer(value, plain);
      dl.dispose(value);
      return seen;
    }),
  ),
  unbatch: pipe(
    dl.mapTensor((value: Table) => mapContainer(value, (each) => dl.reshape(each, [1]))),
    dl.unbatch(),
  ),
  slidingWindow: pipe(
    dl.slidingWindow<Table>(1),
    dl.mapTensor((value) => mapContainer(value as Table, (each) => dl.reshape(each, []))),
  ),
  shareReplayTensor: dl.shareReplayTensor<Table>(),
  combineLatestTensor: (values$) => dl.combineLatestTensor([values$]).pipe(map(([value]) => value)),
  alignBy: (values$) => alignBy(() => 0, [values$]).pipe(map(([value]) => value)),
  zipTensor: (values$) => dl.zipTensor([values$]).pipe(map(([value]) => value)),
  withLatestFromTensor: (values$) =>
    values$.pipe(
      dl.withLatestFromTensor(of(1)),
      map(([value]) => value),
    ),
  'inWorker and serve': (values$) => {
    const { port1, port2 } = new MessageChannel();
    serve<Table, Table>((input$) => input$, { port: port2 });
    return values$.pipe(
      inWorker<Table, unknown>(() => Object.assign(port1, { terminate: () => port1.close() })),
    );
  },
};

describe('Any text as a key', () => {
  it('does not turn data into what a result inherits', async () => {
    const data = JSON.parse('{"__proto__":{"admin":true},"x":1}') as { x: number; admin?: boolean };
    const out = await lastValueFrom(of(data).pipe(dl.download()));
    expect(out.admin).toBeUndefined();
    expect(JSON.stringify(out)).toBe('{"__proto__":{"admin":true},"x":1}');
  });

  for (const [name, operator] of Object.entries(operators)) {
    it(`stays in the values of ${name}`, async () => {
      for (const key of KEYS) {
        const wanted = [[key, [['inner', 1]]]].concat([['y', 2]] as never);
        const seen: unknown[] = [];
        await of(0)
          .pipe(
            dl.mapTensor(() => objectWith(key, { inner: dl.scalar(1) })),
            operator,
            map(ownProperties),
          )
          .forEach((value) => seen.push(value));
        // Keys that are numbers come first in an object.
        expect(seen).withContext(key).toEqual([wanted]);
      }
    });
  }

  it('may name a variable whose gradient is taken, summed up, applied and restored', async () => {
    for (const key of KEYS.filter((each) => each !== '')) {
      const store = dl.memoryStore();
      const weight = dl.tidy(() => dl.variable(dl.scalar(0), true, key));
      const adam = dl.train.adam(0.1);
      const data = { x: [1, 2, 3, 4], y: [2, 4, 6, 8] };
      const metrics = Object.fromEntries([[key, ({ loss }: { loss: dl.Tensor }) => loss]]);
      const reports = await lastValueFrom(
        dl.examples(data).pipe(
          dl.batch(1),
          dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, weight.mul(x)), {
            accumulate: 2,
            metrics: metrics as never,
          }),
          dl.checkpoint({ every: 2, store }),
          dl.download(),
        ),
      );
      expect(Object.keys((reports as { metrics: object }).metrics))
        .withContext(key)
        .toEqual([key]);
      const trained = weight.dataSync()[0]!;
      expect(trained).withContext(key).toBeGreaterThan(0.1);
      dl.tidy(() => weight.assign(dl.scalar(-1)));
      await dl.resume(store, adam, () => of(0)).forEach(() => undefined);
      expect(weight.dataSync()[0]).withContext(key).toBe(trained);
      expect(adam.iterations).toBe(2);
      const { value, grads } = dl.tidy(() => {
        const found = dl.variableGrads(() => weight.square().asScalar());
        return { value: plain(found.value), grads: ownProperties(found.grads) };
      });
      expect(value).toBeCloseTo(trained * trained, 5);
      expect((grads as [string, number][]).map(([name]) => name)).toEqual([key]);
      weight.dispose();
      adam.dispose();
    }
  });

  it('may name what validate measures', async () => {
    for (const key of KEYS) {
      const validated = await lastValueFrom(
        dl.examples([1]).pipe(
          dl.mapTensor((x) => dl.scalar(x)),
          dl.validate(1, dl.examples([1, 3]), (x) => Object.fromEntries([[key, dl.scalar(x)]])),
          dl.download(),
        ),
      );
      expect(ownProperties(validated.validation))
        .withContext(key)
        .toEqual([[key, 2]]);
    }
  });
});
