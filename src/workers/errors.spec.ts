import * as dl from 'rxtensor';
import { inWorker } from 'rxtensor/workers';
import { lastValueFrom, of, Subject, throwError, type Observable } from 'rxjs';
import { far, missingWorker, workerOf } from '../../test/support/far-side';

/** The error that a stream ends with. */
function errorOf(stream: Observable<unknown>): Promise<Error> {
  return lastValueFrom(stream, { defaultValue: 'nothing' }).then(
    (value) => Promise.reject(new Error(`wanted an error; the stream completed with ${String(value)}`)),
    (error: unknown) => error as Error,
  );
}

const scalars = dl.mapTensor((value: number) => dl.scalar(value));
const isNode = typeof process !== 'undefined';

describe('errors of inWorker', () => {
  it('in the pipeline keep message, name, class, stack and cause, and come after the values before', async () => {
    const seen: unknown[] = [];
    const error = await new Promise<Error>((resolve, reject) => {
      dl.examples([4, -1, 9])
        .pipe(scalars, far<dl.Scalar, dl.Scalar>('failing'), dl.download())
        .subscribe({
          next: (value) => seen.push(value),
          error: resolve,
          complete: () => reject(new Error('it completed')),
        });
    });
    expect(seen).toEqual([2]);
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe('no negative numbers');
    expect(error.stack).toContain('far-side.worker');
    const cause = error.cause as Error & { code: string };
    expect([cause.name, cause.message, cause.code]).toEqual(['OutOfLuck', 'bad luck', 'E_LUCK']);
    expect(cause.stack).toContain('far-side.worker');
  });

  it('of other kinds are what was thrown', async () => {
    const own = (await errorOf(of(1).pipe(far('ownError')))) as Error & { code: string };
    expect([own.name, own.message, own.code]).toEqual(['OutOfLuck', 'bad luck', 'E_LUCK']);
    expect(own).toBeInstanceOf(Error);
    expect(await errorOf(of(1).pipe(far('thrownText')))).toBe('just text' as never);
    expect(await errorOf(of(1).pipe(far('throwsAtOnce')))).toBeInstanceOf(TypeError);
  });

  it('of the source reach the pipeline, and come back', async () => {
    const source = throwError(() => new RangeError('no camera'));
    const error = await errorOf(source.pipe(far('upstreamError')));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe('no camera');
  });

  it('of a worker that is not there name the worker', async () => {
    const error = await errorOf(of(1).pipe(inWorker(missingWorker, { name: 'trainer' })));
    expect(error.message).toMatch(
      isNode
        ? /^inWorker: the worker 'trainer' threw: Cannot find module .*is-not-there\.js/
        : /^inWorker: the worker 'trainer' could not be loaded: is its address right/,
    );
  });

  it('of a worker that throws as it loads keep the message and say where', async () => {
    const error = await errorOf(of(1).pipe(inWorker(() => workerOf('throw new RangeError("at the top")'))));
    expect(error.message).toMatch(/^inWorker: the worker threw: .*at the top/);
    expect(error.stack).toMatch(isNode ? /at \[worker eval\]:1/ : /at blob:.*:1:\d/);
    expect((error.cause as Error).message).toContain('at the top');
  });

  it('that nobody catches in a running worker end the stream', async () => {
    const late = await errorOf(of(1).pipe(far('throwsLater', { name: 'trainer' })));
    expect(late.message).toMatch(/^inWorker: the worker 'trainer' threw: .*late/);
    expect(late.stack).toContain('far-side.worker');
    const forgotten = await errorOf(of(1).pipe(far('rejectsLater')));
    expect(forgotten.message).toContain('forgotten');
    expect(forgotten.stack).toContain('far-side.worker');
  });

  it('tell of what cannot be cloned, on the way there: what and where', async () => {
    const model = { layers: [{ activation: () => 1 }] };
    expect((await errorOf(of(model).pipe(far('echo')))).message).toMatch(
      /^inWorker: 'value\.layers\[0\]\.activation' is a function, which cannot be cloned; wanted tensors, and what a structured clone/,
    );
    expect((await errorOf(of(Symbol('s')).pipe(far('echo')))).message).toMatch(
      /^inWorker: 'value' is a symbol, which cannot/,
    );
    class Model {
      readonly weights = dl.tidy(() => dl.variable(dl.scalar(1)));
    }
    const hidden = new Model();
    expect((await errorOf(of({ 'my model': hidden }).pipe(far('echo')))).message).toMatch(
      // A bundler may give the class another name.
      new RegExp(
        `^inWorker: 'value\\["my model"\\]\\.weights' is a tensor inside of an instance of ${Model.name}, where tensors are not looked for`,
      ),
    );
    hidden.weights.dispose();
    expect(
      (await errorOf(of(1).pipe(far('never', { parameters: { rate: (() => 1) as never } })))).message,
    ).toMatch(/^inWorker: 'value\.rate' is a function, which cannot be cloned/);
  });

  it('tell of tensors that are dead or on the tape, on the way there', async () => {
    const dead = dl.scalar(1);
    dead.dispose();
    expect((await errorOf(of({ xs: [dead] }).pipe(far('echo')))).message).toMatch(
      /^inWorker: argument 'value\.xs\[0\]' is tensor #\d+ of shape \[\], which was disposed/,
    );
    const weights = dl.tidy(() => dl.variable(dl.scalar(2)));
    const taped = dl.examples([1]).pipe(
      dl.mapTensor((x) => ({ y: weights.mul(x) })),
      far('echo'),
    );
    expect((await errorOf(taped)).message).toMatch(
      /^inWorker: 'value\.y' is a tensor of shape \[\] that was computed from trainable variables; gradients do not cross between page and worker/,
    );
    weights.dispose();
  });

  it('tell of all that on the way back, naming serve', async () => {
    expect((await errorOf(of(1).pipe(far('emitsFunction')))).message).toMatch(
      /^serve: 'value\.model\[0\]' is a function, which cannot be cloned/,
    );
    const one = dl.examples([1]).pipe(scalars);
    expect((await errorOf(one.pipe(far('emitsTaped')))).message).toMatch(
      /^serve: 'value\.y' is a tensor of shape \[\] that was computed from trainable variables/,
    );
    expect((await errorOf(one.pipe(far('emitsDisposed')))).message).toMatch(
      /^serve: argument 'value' is tensor #\d+ of shape \[\], which was made in an emission of serve that has ended/,
    );
  });

  it('after the end of the subscription are nobody’s', async () => {
    const source = new Subject<number>();
    const errors: unknown[] = [];
    const subscription = source
      .pipe(far('never'))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    subscription.unsubscribe();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(errors).toEqual([]);
  });
});
