import * as dl from 'rxtensor';
import { inSegments } from 'rxtensor/programs';
import { concatMap, of } from 'rxjs';
import { read } from '../../test/support/marbles';

/** The squares above 5, one program before the condition is read and one behind it. */
const large = (): ReturnType<typeof inSegments<[dl.Tensor], dl.Tensor, dl.Tensor2D, dl.Tensor>> =>
  inSegments(
    (x: dl.Tensor) => x.square().add(1),
    (y) => dl.whereAsync(y.greater(5)),
    (y, places) => dl.gatherND(y, places),
  );

const rows = [
  [1, 2, 3],
  [3, 0, 2],
  [0, 4, 1],
  [2, 2, 4],
  [5, 1, 1],
];
const wanted = [[10], [10], [17], [17], [26]];

describe('a function in segments', () => {
  it('replays what comes before and behind a part that depends on values', async () => {
    let calls = 0;
    const found = inSegments(
      (x: dl.Tensor) => {
        calls++;
        return x.square().add(1);
      },
      (y) => dl.whereAsync(y.greater(5)),
      (y, places) => {
        calls++;
        return dl.gatherND(y, places);
      },
    );
    const seen: unknown[] = [];
    for (const row of rows) {
      const x = dl.tensor1d(row);
      const result = await found(x);
      seen.push(await result.array());
      dl.dispose([x, result]);
    }
    expect(seen).toEqual(wanted);
    expect(calls).toBe(4);
    found.dispose();
  });

  it('is awaited in a stream, several calls at a time', async () => {
    const found = large();
    for (const concurrency of [1, 3]) {
      const seen: unknown[] = [];
      await dl
        .examples(rows)
        .pipe(
          dl.mapTensor((row) => dl.tensor1d(row)),
          dl.mapTensorAsync(found, { concurrency }),
          read(),
        )
        .forEach((value) => seen.push(value));
      expect(seen).toEqual(wanted);
    }
    found.dispose();
  });

  it('takes parts that give more than one tensor, and plain values', async () => {
    const found = inSegments(
      (x: dl.Tensor) => ({ doubled: x.mul(2), x, name: 'a' }),
      async ({ doubled }) => ({ sum: (await doubled.sum().data())[0]!, extra: dl.scalar(1) }),
      ({ doubled, x, name }, { extra }) => ({ y: doubled.add(x).add(extra), name }),
    );
    const x = dl.tensor1d([1, 2]);
    const { y, name } = await found(x);
    expect([await y.array(), name]).toEqual([[4, 7], 'a']);
    dl.dispose([x, y]);
    found.dispose();
  });

  it('frees what it has made when a part fails', async () => {
    const fail = (): never => {
      throw new Error('no');
    };
    const x = dl.tensor1d([1, 2, 3]);
    const { numTensors } = dl.memory();
    const [inHost, inAfter] = [
      inSegments(
        (y: dl.Tensor) => y.neg(),
        fail,
        () => null,
      ),
      inSegments(
        (y: dl.Tensor) => y.neg(),
        (y) => y.clone(),
        fail,
      ),
    ];
    await expectAsync(inHost(x)).toBeRejectedWithError('no');
    await expectAsync(inAfter(x)).toBeRejectedWithError('no');
    expect(dl.memory().numTensors).toBe(numTensors);
    for (const made of [inHost, inAfter]) made.dispose();
    x.dispose();
  });

  it('gives errors of the programs as rejections', async () => {
    const found = inSegments(
      (x: dl.Tensor) => x.mul(x.sum().dataSync()[0]!),
      (y) => y.clone(),
      (y) => y.neg(),
    );
    const x = dl.tensor1d([1]);
    await expectAsync(found(x)).toBeRejectedWithError(/^recorded: 'dataSync' reads a tensor on the host/);
    x.dispose();
    found.dispose();
  });

  it('may be called by an operator that knows no tensors', async () => {
    const found = large();
    const x = dl.tensor1d([1, 2, 3]);
    const seen: unknown[] = [];
    await of(x)
      .pipe(concatMap((value) => found(value)))
      .forEach((result) => {
        seen.push(result.shape);
        result.dispose();
      });
    expect(seen).toEqual([[1]]);
    x.dispose();
    found.dispose();
  });
});
