import * as dl from 'rxtensor';
import { Subject } from 'rxjs';
import { settle } from '../../../test/support/marbles';

describe('an operator that warms up', () => {
  let weight: dl.Variable;

  beforeEach(() => {
    weight = dl.tidy(() => dl.variable(dl.tensor1d([2, 3])));
  });

  afterEach(() => weight.dispose());

  const example = (): dl.Tensor => dl.zeros([2]);

  it('gives what it gives without', async () => {
    const values = new Subject<dl.Tensor>();
    const found: unknown[] = [];
    for (const operator of [dl.mapTensor, dl.predict]) {
      for (const options of [{}, { warmUp: example }, { warmUp: example, untilWarm: 'cpu' }])
        values
          .pipe(
            operator((x: dl.Tensor) => weight.mul(x), options),
            dl.download(),
          )
          .subscribe((y) => found.push([...(y as Float32Array)]));
    }
    const x = dl.tensor1d([1, 10]);
    values.next(x);
    await settle();
    values.next(x);
    values.complete();
    await settle();
    expect(found).toEqual(Array.from({ length: 12 }, () => [2, 30]));
    x.dispose();
  });

  it('trains as it trains without', async () => {
    const results: unknown[] = [];
    for (const options of [{}, { warmUp: example }, { warmUp: example, untilWarm: 'cpu' }]) {
      dl.tidy(() => weight.assign(dl.tensor1d([2, 3])));
      const sgd = dl.train.momentum(0.25, 0.5);
      const batches = new Subject<dl.Tensor>();
      const loss = (x: dl.Tensor): dl.Tensor => weight.mul(x).square().sum();
      batches.pipe(dl.trainStep(sgd, loss, { ...options, accumulate: 3, onNaN: 'error' })).subscribe();
      await settle(2);
      expect(sgd.iterations).toBe(0);
      expect(sgd.slotsOfLiving().length).toBe(0);
      const x = dl.tensor1d([1, 0.5]);
      for (let i = 0; i < 7; i++) batches.next(x);
      batches.complete();
      await settle();
      results.push([sgd.iterations, ...(await weight.data())]);
      x.dispose();
      sgd.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(results[0]).not.toEqual([3, 2, 3]);
  });

  it('leaves nothing if nobody waits for it', async () => {
    const { numTensors, numDataBuffers } = dl.memory();
    const adam = dl.train.adam();
    const values = new Subject<dl.Tensor>();
    values
      .pipe(dl.predict((x) => weight.mul(x), { warmUp: example, untilWarm: 'cpu' }))
      .subscribe()
      .unsubscribe();
    values
      .pipe(dl.trainStep(adam, (x) => weight.mul(x).sum(), { warmUp: example }))
      .subscribe()
      .unsubscribe();
    expect(dl.memory().numTensors).toBe(numTensors);
    expect(dl.memory().numDataBuffers).toBe(numDataBuffers);
    await settle();
    expect(dl.memory().numTensors).toBe(numTensors);
    adam.dispose();
  });

  it('reports a backend that there is not', () => {
    let error: unknown;
    const values = new Subject<number>();
    values
      .pipe(dl.mapTensor((x) => dl.mul(weight, x), { warmUp: () => 1, untilWarm: 'abacus' }))
      .subscribe({ error: (found: unknown) => (error = found) });
    values.next(1);
    expect(String(error)).toMatch(/^Error: setBackend: argument 'name' is 'abacus'; wanted one of /);
  });
});
