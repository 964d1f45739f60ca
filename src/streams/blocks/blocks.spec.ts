/** Rows in blocks are what rows one by one are: every chain of operators is run both ways. */
import * as fc from 'fast-check';
import * as dl from 'rxtensor';
import { csv } from 'rxtensor/files';
import {
  lastValueFrom,
  map,
  mergeMap,
  of,
  pipe,
  repeat,
  take,
  toArray,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { plain, settle, until } from '../../../test/support/marbles';
import { batchedBlocksOf, blocksOf } from './block-source';

const columns = { x: 'float32', id: 'int32', is: 'bool' } as const;
const text = (rows: number): string =>
  `id,name,x,is\n${Array.from({ length: rows }, (_, i) => `${16777216 + i},"n ""${i}""\n",${i / 8},${i % 3 === 0}\n`).join('')}`;
const file = (rows: number): Blob => new Blob([text(rows)]);

/** The same stream to RxJS; ours find no blocks in it. */
const foreign: OperatorFunction<unknown, unknown> = map((value) => value);

type Step =
  | readonly ['shuffle', buffer: number, seed: number]
  | readonly ['batch', size: number, drop: boolean]
  | readonly ['unbatch'];

function operatorOf(step: Step): OperatorFunction<unknown, unknown> {
  if (step[0] === 'shuffle') return dl.shuffle<unknown>(step[1], { seed: step[2] });
  if (step[0] === 'batch') return dl.batch<unknown>(step[1], { dropRemainder: step[2] });
  return dl.unbatch<unknown>();
}

/** What a value is, its dtypes too. */
function seen(value: unknown): unknown {
  const dtypes = Object.entries(value as object).map(([key, each]) => [
    key,
    each instanceof dl.Tensor ? each.dtype : typeof each,
  ]);
  return [plain(value), dtypes];
}

/** What comes out, and the error where there is one. */
async function run(
  source: Observable<unknown>,
  steps: readonly Step[],
  isForeign: boolean,
): Promise<unknown[]> {
  const result: unknown[] = [];
  let stream = source;
  for (const step of steps) stream = (isForeign ? stream.pipe(foreign) : stream).pipe(operatorOf(step));
  await stream
    .forEach((value) => result.push(seen(value)))
    .catch((error: unknown) => result.push(String(error)));
  return result;
}

const shuffles = fc.tuple(fc.constant('shuffle' as const), fc.integer({ min: 1, max: 12 }), fc.nat(99));
const batches = fc.tuple(fc.constant('batch' as const), fc.integer({ min: 1, max: 9 }), fc.boolean());
/** Shuffles, and at last perhaps batches; perhaps rows again. */
const rowSteps = fc.array(shuffles, { maxLength: 2 });
const chains: fc.Arbitrary<readonly Step[]> = fc
  .tuple(rowSteps, fc.option(fc.tuple(batches, fc.option(fc.tuple(rowSteps, fc.option(batches))))))
  .map(([first, rest]) => {
    if (!rest) return first;
    const [batch, again] = rest;
    if (!again) return [...first, batch];
    const [second, last] = again;
    return [...first, batch, ['unbatch'] as const, ...second, ...(last ? [last] : [])];
  });

describe('rows in blocks', () => {
  it('are the same rows in the same order as one by one, whatever is done to them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), chains, fc.integer({ min: 1, max: 3 }), async (rows, steps, inFlight) => {
        const source = csv(file(rows), { columns, inFlight });
        expect(await run(source, steps, false)).toEqual(await run(source, steps, true));
      }),
      { numRuns: 120 },
    );
  });

  it('fail as one by one: what comes before the error comes, and no more', async () => {
    const broken = new Blob([`${text(20)}1,n,?,1\n`]);
    await fc.assert(
      fc.asyncProperty(chains, async (steps) => {
        const source = csv(broken, { columns });
        const found = await run(source, steps, false);
        expect(found).toEqual(await run(source, steps, true));
        expect(found.at(-1)).toMatch(/^Error: csv: the data, row 21 \(line 42\), column 'x': found "\?"/);
      }),
      { numRuns: 40 },
    );
  });

  it('travel without an object for each, to batch and from it', () => {
    const rows = csv(file(3), { columns });
    expect(blocksOf(rows)).not.toBeNull();
    expect(blocksOf(rows.pipe(dl.shuffle(2)))).not.toBeNull();
    expect(blocksOf(rows.pipe(foreign))).toBeNull();
    const batched = rows.pipe(dl.shuffle(2), dl.batch(2));
    expect(blocksOf(batched)).toBeNull();
    expect(batchedBlocksOf(batched)).not.toBeNull();
    expect(blocksOf(batched.pipe(dl.unbatch(), dl.shuffle(2)))).not.toBeNull();
    expect(batchedBlocksOf(rows.pipe(dl.batch(2, { maxWait: 1 })))).toBeNull();
  });

  it('are objects of their own to everyone else, one an emission', async () => {
    const rows = await lastValueFrom(csv(file(3), { columns }).pipe(dl.shuffle(2, { seed: 1 }), toArray()));
    expect(new Set(rows).size).toBe(3);
    expect(rows.map(({ id }) => id).sort()).toEqual([16777216, 16777217, 16777218]);
    expect(rows.map((row) => Object.keys(row))).toEqual([
      ['x', 'id', 'is'],
      ['x', 'id', 'is'],
      ['x', 'id', 'is'],
    ]);
  });

  it('say which column is text, where they are to be stacked', async () => {
    const stream = csv(file(3)).pipe(dl.batch<unknown>(2));
    const message =
      "batch: 'id' of the example is string; wanted a number, a typed array, a tensor, or objects of those";
    await expectAsync(stream.forEach(() => undefined)).toBeRejectedWithError(message);
    await expectAsync(
      csv(file(3))
        .pipe(foreign, dl.batch<unknown>(2))
        .forEach(() => undefined),
    ).toBeRejectedWithError(message);
    await expectAsync(stream.pipe(dl.unbatch()).forEach(() => undefined)).toBeRejectedWithError(message);
  });

  it('wait: at most inFlight batches are unfinished, and the file is read no further', async () => {
    let pulls = 0;
    const line = new TextEncoder().encode('1\n'.repeat(1000));
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          if (pulls++ === 0) controller.enqueue(new TextEncoder().encode('x\n'));
          else if (pulls < 100) controller.enqueue(line);
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const waiting: (() => void)[] = [];
    let batches = 0;
    const done = csv(stream, { columns: { x: 'float32' }, inFlight: 2 })
      .pipe(dl.shuffle(500), dl.batch(1000))
      .forEach(() => {
        batches++;
        dl.waitUntil(new Promise<void>((resolve) => waiting.push(resolve)));
      });
    await until(() => batches === 2);
    await settle();
    expect(batches).toBe(2);
    expect(pulls).toBeLessThan(8);
    while (batches < 98) {
      waiting.shift()!();
      await until(() => waiting.length > 0);
    }
    for (const finish of waiting) finish();
    await done;
    expect(batches).toBe(98);
  });

  it('leave the stream when they are left, in mid-emission too', async () => {
    for (const steps of [
      dl.batch<unknown>(2),
      pipe(dl.shuffle<unknown>(2), dl.batch(2)),
      pipe(dl.batch<unknown>(2), dl.unbatch()),
    ]) {
      const log: string[] = [];
      const stream = new ReadableStream<Uint8Array>(
        {
          pull: (controller) =>
            controller.enqueue(new TextEncoder().encode(log.push('pull') === 1 ? 'x\n' : '1\n2\n3\n')),
          cancel: () => void log.push('cancel'),
        },
        { highWaterMark: 0 },
      );
      const first = await lastValueFrom(
        csv(stream, { columns: { x: 'float32' } }).pipe(
          steps,
          take(1),
          map((value) => plain(value)),
        ),
      );
      expect((first as { x: unknown }).x).toBeDefined();
      await settle();
      expect(log.at(-1)).toBe('cancel');
    }
  });

  it('draw from the global sequence anew for each subscription', async () => {
    const stream = csv(file(30), { columns: { id: 'int32' } }).pipe(dl.shuffle(10), dl.batch(30));
    const ids = (): Promise<unknown[]> =>
      lastValueFrom(
        stream.pipe(
          repeat(2),
          map((value) => plain(value)),
          toArray(),
        ),
      );
    dl.setSeed(3);
    const first = await ids();
    dl.setSeed(3);
    expect(await ids()).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
    dl.setSeed(3);
    const rows = csv(file(30), { columns: { id: 'int32' } }).pipe(foreign, dl.shuffle(10), dl.batch(30));
    expect(
      await lastValueFrom(
        rows.pipe(
          repeat(2),
          map((value) => plain(value)),
          toArray(),
        ),
      ),
    ).toEqual(first);
  });

  it('let a batch be fed back, and a batch of rows open another file', async () => {
    const sizes: number[] = [];
    await of(2, 3)
      .pipe(mergeMap((rows) => csv(file(rows), { columns }).pipe(dl.batch(2))))
      .forEach(({ x }) => sizes.push(x.size));
    expect(sizes.sort()).toEqual([1, 2, 2]);
  });

  it('train as one by one: the same losses', async () => {
    const lossesOf = async (through: OperatorFunction<unknown, unknown>): Promise<number[]> => {
      const slope = dl.tidy(() => dl.variable(dl.scalar(0)));
      const sgd = dl.train.sgd(0.01);
      const rows = csv(file(40), { columns: { x: 'float32', is: 'bool' } }).pipe(through) as Observable<{
        x: number;
        is: boolean;
      }>;
      const losses = await lastValueFrom(
        rows.pipe(
          dl.shuffle(7, { seed: 2 }),
          dl.batch(8),
          dl.trainStep(sgd, ({ x, is }) => dl.losses.meanSquaredError(is.toFloat(), slope.mul(x))),
          dl.download(),
          toArray(),
        ),
      );
      dl.dispose(slope);
      sgd.dispose();
      return losses;
    };
    const losses = await lossesOf(((source: unknown) => source) as OperatorFunction<unknown, unknown>);
    expect(losses.length).toBe(5);
    expect(losses).toEqual(await lossesOf(foreign));
  });
});
