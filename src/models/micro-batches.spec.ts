import * as dl from 'rxtensor';
import { inMicroBatches } from './micro-batches';

/** A model that notes the values that it is run on, and gives what `give` makes of one. */
function watched<R>(give: (value: never) => R): {
  readonly runs: unknown[];
  run: (value: unknown) => Promise<R>;
} {
  const runs: unknown[] = [];
  return {
    runs,
    run: (value) => {
      runs.push(value);
      // The values wait for the run to end, as they do for a device.
      return new Promise((resolve, reject) =>
        setTimeout(() => {
          try {
            resolve(dl.tidy<R>(() => give(value as never)));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        }),
      );
    },
  };
}

const everything = { maxBatch: 100, maxWait: 1 };

const row = (...values: number[]): dl.Tensor => dl.tidy(() => dl.tensor2d(values, [1, values.length]));

async function numbersIn(results: readonly dl.Tensor[]): Promise<number[][]> {
  const numbers = await Promise.all(results.map(async (each) => [...(await each.data())]));
  dl.dispose([...results]);
  return numbers;
}

describe('Micro-batches', () => {
  let before: number;

  beforeEach(() => (before = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(before));

  it('join values that differ in their rows and numbers alone, and give each its own rows', async () => {
    const { runs, run } = watched(({ x, factor }: { x: dl.Tensor; factor: number }) => x.mul(factor));
    const ask = inMicroBatches<{ x: dl.Tensor; factor: number }, dl.Tensor>('predict', run, everything);
    const two = dl.tidy(() => dl.tensor2d([3, 4, 5, 6], [2, 2]));
    const given = [row(1, 2), two, row(7, 8), row(9, 9)];
    const factors = [10, 10, 10, 2];
    const results = await Promise.all(given.map((x, i) => ask({ x, factor: factors[i]! })));
    expect(runs.length).toBe(2);
    expect(await numbersIn(results)).toEqual([
      [10, 20],
      [30, 40, 50, 60],
      [70, 80],
      [18, 18],
    ]);
    dl.dispose(given);
  });

  it('run values of other forms by themselves, also where a text of them would be the same', async () => {
    const { runs, run } = watched(({ x }: { x: dl.Tensor }) => x.add(1));
    const ask = inMicroBatches<object, dl.Tensor>('predict', run, everything);
    const x = row(1, 2);
    const flags = dl.tidy(() => x.cast('int32'));
    const values = [
      { x, by: 'float32 2' },
      { x, by: x },
      { x: flags, by: 'float32 2' },
      { x, by: NaN },
      { x, by: null },
      { x, by: 0 },
      { x, by: -0 },
    ];
    const results = await Promise.all(values.map((value) => ask(value)));
    expect(runs.length).toBe(values.length);
    expect(await numbersIn(results)).toEqual(values.map(() => [2, 3]));
    dl.dispose([x, flags]);
  });

  it('run a value by itself that has an array, of which the rows would not be joined', async () => {
    const { runs, run } = watched(({ x, y }: { x: dl.Tensor; y: number[] }) => x.add(y));
    const ask = inMicroBatches<object, dl.Tensor>('predict', run, everything);
    const x = row(1, 2);
    const results = await Promise.all([1, 2].map(() => ask({ x, y: [[10, 20]] })));
    expect(runs.length).toBe(2);
    expect(await numbersIn(results)).toEqual([
      [11, 22],
      [11, 22],
    ]);
    x.dispose();
  });

  for (const [name, plain] of [
    ['a text', 'private'],
    ['a number', 7],
    ['an array of 3', [1, 2, 3]],
  ] as const) {
    it(`give nobody what is not made of rows: ${name}`, async () => {
      const { run } = watched((x: dl.Tensor) => ({ y: x.clone(), plain }));
      const ask = inMicroBatches<dl.Tensor, object>('predict', run, everything);
      const given = [row(1), row(2)];
      for (const answer of await Promise.allSettled(given.map((x) => ask(x)))) {
        const reason = answer.status === 'rejected' ? String(answer.reason) : 'an answer';
        expect(reason).toContain(
          `predict: the model gave ${name} as 'result.plain' for 2 rows of 2 requests; wanted a tensor of 2 rows`,
        );
        expect(reason).not.toContain('private');
      }
      dl.dispose(given);
    });
  }

  it('part arrays with an entry for each row', async () => {
    const { run } = watched((x: dl.Tensor) => ({ y: x.clone(), labels: ['first', 'second'] }));
    const ask = inMicroBatches<dl.Tensor, { y: dl.Tensor; labels: string[] }>('predict', run, everything);
    const given = [row(1), row(2)];
    const results = await Promise.all(given.map((x) => ask(x)));
    expect(results.map(({ labels }) => labels)).toEqual([['first'], ['second']]);
    expect(await numbersIn(results.map(({ y }) => y))).toEqual([[1], [2]]);
    dl.dispose(given);
  });

  it('fail with what the model throws, for all who asked', async () => {
    const { run } = watched((): dl.Tensor => {
      throw new Error('no memory');
    });
    const ask = inMicroBatches<dl.Tensor, dl.Tensor>('predict', run, everything);
    const given = [row(1), row(2)];
    const answers = await Promise.allSettled(given.map((x) => ask(x)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    dl.dispose(given);
  });
});
