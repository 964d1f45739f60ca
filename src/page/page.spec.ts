/** A page without an engine, and real workers that compute. The engine that is loaded here is that of the specs: the page's side never asks it. */
import * as dl from 'rxtensor';
import * as page from 'rxtensor/page';
import type { HostTensor, InWorkerOptions } from 'rxtensor/page';
import {
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  NEVER,
  of,
  range,
  Subject,
  take,
  tap,
  throwError,
  toArray,
  type OperatorFunction,
} from 'rxjs';
import { farSide } from '../../test/support/far-side';
import { settle, until } from '../../test/support/marbles';

/** As `far` of the specs of workers, for a page without the engine. */
function far<T, R>(pipeline: string, options: InWorkerOptions = {}): OperatorFunction<T, R> {
  const parameters = { pipeline, backend: dl.getBackend(), ...options.parameters };
  return page.inWorker<T, R>(farSide, { ...options, parameters });
}

const vector = (...values: number[]): HostTensor => ({
  values: new Float32Array(values),
  shape: [values.length],
  dtype: 'float32',
});

describe('inWorker of a page without the engine', () => {
  it('sends numbers with a shape as tensors, and gets tensors as such numbers', async () => {
    const made = dl.memory().numTensors;
    const squares = await lastValueFrom(
      from([vector(1, 2), vector(-3)]).pipe(far<HostTensor, HostTensor>('square'), toArray()),
    );
    expect(squares).toEqual([vector(1, 4), vector(9)]);
    expect(dl.memory().numTensors).toBe(made);
  });

  it('keeps shape, dtype and structure, and the arrays of the sender', async () => {
    const matrix: HostTensor = { values: new Int32Array([1, 2, 3, 4, 5, 6]), shape: [2, 3], dtype: 'int32' };
    const row: HostTensor = {
      values: new Float32Array([0, 1, 2, 3]).subarray(2),
      shape: [2],
      dtype: 'float32',
    };
    const sent = {
      list: [matrix, { values: new Uint8Array([1, 0]), shape: [2], dtype: 'bool' }],
      twice: [row, row],
      plain: { values: new Float32Array([1, 2]), shape: [2] },
      pixels: new Uint8ClampedArray([1, 2, 3]),
      text: 'text',
      none: null,
      date: new Date(0),
    };
    const back = await firstValueFrom(of(sent).pipe(far<typeof sent, typeof sent>('echo')));
    expect(back).toEqual({ ...sent, twice: [vector(2, 3), vector(2, 3)] });
    expect(back.twice[0]).toBe(back.twice[1]);
    expect(back.twice[0]!.values.buffer.byteLength).toBe(8);
    expect(matrix.values.length).toBe(6);
  });

  it('trains there, with parameters that change and variables that can be read and set', async () => {
    const variables = page.remoteVariables();
    const rate = new Subject<number>();
    const batch = { x: vector(1, 2), y: vector(3, 6) };
    const losses = await lastValueFrom(
      range(0, 10).pipe(
        map(() => batch),
        far<object, { loss: HostTensor; rate: number }>('training', { parameters: { rate: 0.0625 } }),
        toArray(),
      ),
    );
    expect(losses.length).toBe(10);
    expect(losses.at(-1).loss.values[0]).toBeLessThan(losses[0]!.loss.values[0]! / 10);
    const source = new Subject<object>();
    let steps = 0;
    const subscription = source
      .pipe(far('training', { parameters: { rate }, variables }))
      .subscribe(() => steps++);
    rate.next(0.0625);
    source.next(batch);
    await until(() => steps === 1);
    const { slope } = await variables.get(['slope']);
    expect(slope!.values[0]).toBeGreaterThan(0);
    await variables.set({
      slope: { values: new Float32Array([3]), shape: [], dtype: 'float32' },
    });
    expect((await variables.get(['slope'])).slope!.values[0]).toBe(3);
    subscription.unsubscribe();
    await expectAsync(variables.get()).toBeRejectedWithError(/remoteVariables\.get: no worker runs/);
  });

  it('holds the sources of the worker until promises below have settled', async () => {
    const variables = page.remoteVariables();
    const made = async (): Promise<number> => (await variables.get(['made'])).made!.values[0]!;
    let seen = 0;
    const ahead: number[] = [];
    await lastValueFrom(
      of({ count: 1000, inFlight: 2 }).pipe(
        far<object, HostTensor>('counting', { variables }),
        tap(() => {
          const work = async (): Promise<void> => {
            await until(async () => (await made()) - seen >= 2);
            await settle();
            ahead.push((await made()) - seen);
            seen++;
          };
          page.waitUntil(work().catch(() => undefined));
        }),
        take(8),
      ),
    );
    await settle();
    expect(ahead.slice(0, 6).every((count) => count <= 3)).toBeTrue();
    expect(ahead.length).toBeGreaterThan(0);
    // Outside of an emission nothing waits.
    page.waitUntil(Promise.resolve());
  });

  it('ends the worker with the stream, whichever side ends it', async () => {
    let ended = 0;
    const counting = (): page.WorkerLike => {
      const worker = farSide();
      const terminate = worker.terminate.bind(worker);
      worker.terminate = () => {
        ended++;
        return terminate();
      };
      return worker;
    };
    const run = <R>(pipeline: string): OperatorFunction<unknown, R> =>
      page.inWorker(counting, { parameters: { pipeline, backend: dl.getBackend() } });
    expect(await lastValueFrom(of(1).pipe(run('completes'), toArray()))).toEqual([1, 2, 3]);
    expect(ended).toBe(1);
    expect(await firstValueFrom(from([1, 2, 3]).pipe(run('echo')))).toBe(1);
    expect(ended).toBe(2);
    const subscription = NEVER.pipe(run('never')).subscribe();
    subscription.unsubscribe();
    expect(ended).toBe(3);
    await expectAsync(
      lastValueFrom(throwError(() => new RangeError('of the page')).pipe(run('upstreamError'))),
    ).toBeRejectedWithError(RangeError, 'of the page');
    expect(ended).toBe(4);
  });

  it('has the errors of the pipeline, and says what cannot cross', async () => {
    const negative = of(vector(-1)).pipe(far('failing'));
    await expectAsync(lastValueFrom(negative)).toBeRejectedWithError(RangeError, 'no negative numbers');
    const wrong: HostTensor = { values: new Float32Array(3), shape: [2, 2], dtype: 'float32' };
    await expectAsync(lastValueFrom(of({ a: [wrong] }).pipe(far('echo')))).toBeRejectedWithError(
      /^inWorker: 'value\.a\[0\]\.values' is .* of 3; wanted a Float32Array of 4, for the shape \[2,2\]$/,
    );
    await expectAsync(lastValueFrom(of({ f: () => 1 }).pipe(far('echo')))).toBeRejectedWithError(
      /^inWorker: 'value\.f' is a function, which cannot be cloned; wanted/,
    );
    expect(() => page.inWorker('worker.js' as never)).toThrowError(
      /^inWorker: argument 'make' is string; wanted/,
    );
  });

  it('passes on what a subscriber throws to RxJS, as any operator does, and frees its source', async () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    const subscription = source
      .pipe(
        far<number, number>('echo'),
        tap((x) => {
          if (x === 2) throw new Error('of a tap');
        }),
      )
      .subscribe({ next: (x) => seen.push(x), error: (error: unknown) => seen.push(String(error)) });
    source.next(1);
    source.next(2);
    await until(() => seen.length === 2);
    expect(seen).toEqual([1, 'Error: of a tap']);
    expect(source.observed).toBeFalse();
    expect(subscription.closed).toBeTrue();
  });
});
