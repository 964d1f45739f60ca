import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { delay, from, map, pairwise, share, take, toArray, type Observable } from 'rxjs';
import { plain, read } from '../../test/support/marbles';

const data = Array.from({ length: 9 }, (_, i) => [i, i + 1]);

const vectors = (): Observable<dl.Tensor> =>
  dl.examples(data).pipe(dl.mapTensor((values) => dl.tensor1d(values)));

/** What a pipeline emits. */
async function seen(stream: Observable<unknown>): Promise<unknown[]> {
  const values: unknown[] = [];
  await stream.pipe(read()).forEach((value) => values.push(value));
  return values;
}

describe('recorded in a stream', () => {
  const shift = (): dl.Variable => dl.tidy(() => dl.variable(dl.tensor1d([1, 2]), false));
  let offset: dl.Variable;

  beforeEach(() => (offset = shift()));
  afterEach(() => offset.dispose());

  const model = (x: dl.Tensor): dl.Tensor =>
    x
      .mul(dl.tensor1d([3, 4]))
      .add(offset)
      .relu();
  const wanted = data.map(([a, b]) => [3 * a! + 1, 4 * b! + 2]);

  const forms: Readonly<Record<string, (source: Observable<dl.Tensor>) => Observable<unknown>>> = {
    mapTensor: dl.mapTensor(recorded(model)),
    predict: dl.predict(recorded(model)),
    map: (source) => {
      const replaying = recorded(model);
      // RxJS would pass an index too.
      return source.pipe(map((x) => replaying(x)));
    },
    'mapTensorAsync, between its awaits': (source) => {
      const replaying = recorded(model);
      return source.pipe(dl.mapTensorAsync(async (x) => Promise.resolve(replaying(x))));
    },
    share: (source) => source.pipe(dl.mapTensor(recorded(model)), share()),
    across: (source) => source.pipe(dl.mapTensor(recorded(model)), dl.across(delay(1))),
  };
  for (const [name, form] of Object.entries(forms)) {
    it(`replays in ${name}`, async () => {
      const values = await seen(vectors().pipe(form as never));
      expect(values).toEqual(wanted);
    });
  }

  it('gives values that a window keeps', async () => {
    const windows = await seen(vectors().pipe(dl.mapTensor(recorded(model)), dl.slidingWindow(2)));
    const pairs = await seen(from(wanted).pipe(pairwise()));
    expect(windows.slice(-pairs.length)).toEqual(pairs);
  });

  it('keeps the state of scanTensor', async () => {
    const add = recorded((sum: dl.Tensor, x: dl.Tensor) => sum.add(x));
    const zeros = dl.tensor1d([0, 0]);
    const sums = await seen(vectors().pipe(dl.scanTensor(add, zeros)));
    zeros.dispose();
    expect(sums.at(-1)).toEqual([36, 45]);
  });

  it('frees what it holds on the device with the last subscription, at whatever emission that ends', async () => {
    const backend = dl.backend();
    const allocate = spyOn(backend, 'allocate').and.callThrough();
    const free = spyOn(backend, 'free').and.callThrough();
    const held = (): number => allocate.calls.count() - free.calls.count();
    const replaying = recorded(model);
    for (let n = 1; n <= data.length + 1; n++) {
      const before = held();
      const pipeline = vectors().pipe(dl.mapTensor(replaying), take(n), read(), toArray());
      const [first, second] = await Promise.all([seen(pipeline), seen(pipeline)]);
      expect(first).toEqual([wanted.slice(0, n)]);
      expect(second).toEqual(first);
      expect(held()).withContext(`after ${n} values`).toBe(before);
    }
    expect(plain(offset)).toEqual([1, 2]);
  });
});
