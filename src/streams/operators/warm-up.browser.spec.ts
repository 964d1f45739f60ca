import * as dl from 'rxtensor';
import { Subject } from 'rxjs';
import { createWebGLBackend } from '../../kernels/webgl';
import { settle, until } from '../../../test/support/marbles';
import { describeOwnWebGL } from '../../../test/support/own-backends';

describeOwnWebGL('an operator that warms up WebGL', () => {
  const before = dl.getBackend();
  let weight: dl.Variable;

  /** A backend that has compiled nothing yet. */
  beforeEach(() => {
    dl.registerBackend('fresh', () => createWebGLBackend(), 0);
    dl.setBackend('fresh');
    weight = dl.tidy(() => dl.variable(dl.tensor1d([1, 2, 3, 4])));
  });

  afterEach(() => {
    weight.dispose();
    dl.setBackend(before);
    dl.removeBackend('fresh');
  });

  const programs = (): number => dl.memory().backend.programs!;
  const example = (): dl.Tensor => dl.zeros([4]);
  const model = (x: dl.Tensor): dl.Tensor => dl.softmax(weight.mul(x).exp());

  it('compiles all that its values need', async () => {
    const adam = dl.train.adam();
    const x = dl.tensor1d([1, 2, 3, 4]);
    const options = { warmUp: example, untilWarm: 'cpu' } as const;
    for (const operator of [
      dl.predict(model, options),
      dl.trainStep(adam, (batch: dl.Tensor) => model(batch).square().sum(), {
        ...options,
        accumulate: 2,
        clipNorm: 1,
        onNaN: 'error',
      }),
    ]) {
      const values = new Subject<dl.Tensor>();
      let way = '';
      const subscription = values.pipe(operator).subscribe((y) => (way = y.storage.backend.name));
      let added = 0;
      await until(() => {
        added = -programs();
        values.next(x);
        values.next(x);
        added += programs();
        return way === 'webgl';
      });
      // Up to here it ran on the CPU: these are the first values on WebGL.
      expect(added).toBe(0);
      expect(programs()).toBeGreaterThan(2);
      subscription.unsubscribe();
      await settle();
    }
    x.dispose();
    adam.dispose();
  });

  it('answers on the CPU until then, and goes over between two emissions', async () => {
    const values = new Subject<dl.Tensor>();
    const ways: string[] = [];
    const sums: number[] = [];
    const adam = dl.train.adam(0.001);
    const training = values
      .pipe(dl.trainStep(adam, (x) => weight.mul(x).square().sum(), { warmUp: example, untilWarm: 'cpu' }))
      .subscribe((loss) => {
        ways.push(loss.storage.backend.name);
        // What comes below runs where the emission does.
        sums.push(loss.add(1).dataSync()[0]!);
      });
    const x = dl.tensor1d([1, 2, 3, 4]);
    values.next(x);
    expect(dl.getBackend()).toBe('webgl');
    expect(programs()).toBe(0);
    await until(() => {
      values.next(x);
      return ways.at(-1) === 'webgl';
    });
    values.next(x);
    const first = ways.indexOf('webgl');
    expect(first).toBeGreaterThan(1);
    expect(ways).toEqual(ways.map((_, i) => (i < first ? 'cpu' : 'webgl')));
    for (let i = 1; i < Math.min(sums.length, 20); i++) expect(sums[i]!).toBeLessThan(sums[i - 1]!);
    expect(adam.iterations).toBe(ways.length);
    training.unsubscribe();
    x.dispose();
    adam.dispose();
    await settle();
  });

  it('fails with what the function throws', async () => {
    const errors: unknown[] = [];
    const reading = dl.mapTensor((x: dl.Tensor) => model(x).dataSync()[0]!, { warmUp: example });
    new Subject<dl.Tensor>().pipe(reading).subscribe({ error: (error: unknown) => errors.push(error) });
    new Subject<dl.Tensor>().pipe(reading).subscribe().unsubscribe();
    await until(() => errors.length > 0);
    expect(String(errors)).toMatch(/^Error: warmUp: a tensor is read that its function has made/);
    await settle();
  });
});
