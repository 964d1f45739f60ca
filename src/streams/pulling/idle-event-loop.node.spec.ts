// A program of Node that cannot go on says so, instead of ending without a word (exit code 13).
import * as dl from 'rxtensor';
import { bufferCount, lastValueFrom, Observable, of, share, skip, takeLast, toArray } from 'rxjs';
import { settle, unhandledErrors } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const numbers = Array.from({ length: 40 }, (_, i) => i);

/** What a stream says when the event loop has nothing left to do. */
async function saidAtTheEnd(stream: Observable<unknown>): Promise<string> {
  let error: unknown = 'nothing';
  const subscription = stream.subscribe({ error: (found: unknown) => (error = found) });
  await settle();
  // Sources that other specs have left waiting are told too, and nobody listens to them any more.
  await unhandledErrors(() => void process.emit('beforeExit', 0));
  subscription.unsubscribe();
  return String(error);
}

describe('When nothing is left to run', () => {
  for (const [name, operator] of Object.entries({
    toArray: toArray(),
    takeLast: takeLast(1),
    bufferCount: bufferCount(3),
  })) {
    it(`a source that across holds up for ever says by whom, and what to do: ${name}`, async () => {
      const stream = (options: dl.AcrossOptions): Observable<unknown> =>
        dl.examples(numbers).pipe(scalars, dl.across(operator as ReturnType<typeof toArray>, options));
      expect(await saidAtTheEnd(stream({ holds: 'all' }))).toBe(
        'Error: examples: it cannot go on, and nothing is left to run: 2 of its emissions are unfinished, and it waits while there are 2 ' +
          '(its option inFlight). across holds 2, since the operator inside of it waits for more values, or for the end, or has dropped ' +
          'some: leave out the option holds, or give it the number of values that the operator needs',
      );
      // Each of the two cures.
      expect(await lastValueFrom(stream({}))).toBeDefined();
      expect(await lastValueFrom(stream({ holds: 40 }))).toBeDefined();
    });
  }

  it('a source that zipTensor holds up for ever says so, and what to do', async () => {
    const stream = (inFlight: number): Observable<unknown> => {
      const source = dl.examples(numbers, { inFlight }).pipe(scalars, share());
      return dl.zipTensor([source, source.pipe(skip(30))]).pipe(toArray());
    };
    expect(await saidAtTheEnd(stream(2))).toMatch(
      /^Error: examples: it cannot go on.*zipTensor holds 2, since they wait for partners.*give that an option inFlight that is greater/,
    );
    expect(await lastValueFrom(stream(31))).toHaveSize(10);
  });

  it('a source whose emission waits for a promise says so', async () => {
    const waiting = dl.examples(numbers, { inFlight: 1 });
    const stream = new Observable((subscriber) =>
      waiting.subscribe({
        next: () => dl.waitUntil(new Promise(() => undefined)),
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    expect(await saidAtTheEnd(stream)).toMatch(
      /waitUntil holds 1, since a promise that it was given does not settle/,
    );
  });

  it('mapTensorAsync says that a promise does not settle', async () => {
    const settleAtLast: (() => void)[] = [];
    const never = dl.mapTensorAsync(() => new Promise<void>((resolve) => settleAtLast.push(resolve)));
    expect(await saidAtTheEnd(of(1).pipe(scalars, never))).toBe(
      'Error: mapTensorAsync: it cannot go on, and nothing is left to run: the promise that its function gave for 1 of its values does ' +
        'not settle; settle each, or reject it',
    );
    expect(await saidAtTheEnd(dl.examples(numbers).pipe(scalars, never))).toMatch(
      /^Error: mapTensorAsync: it cannot go on/,
    );
    for (const each of settleAtLast) each();
    await settle();
  });

  it('nothing is said of a stream that can go on, and nothing is left behind', async () => {
    // One listener serves all: sources that other specs have left waiting end here.
    await unhandledErrors(() => void process.emit('beforeExit', 0));
    const before = process.listenerCount('beforeExit');
    const work = dl.mapTensorAsync(async (x: dl.Scalar) => {
      await settle(8);
      return x.clone();
    });
    const stream = dl.examples([1, 2, 3], { inFlight: 1 }).pipe(scalars, work, dl.download());
    const values: unknown[] = [];
    const finished = stream.forEach((value) => values.push(value));
    await settle(1);
    expect(process.listenerCount('beforeExit')).toBe(before + 1);
    await finished;
    expect(values).toEqual([1, 2, 3]);
    expect(process.listenerCount('beforeExit')).toBe(before);
  });
});
