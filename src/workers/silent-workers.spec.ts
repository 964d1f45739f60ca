import { inWorker, remoteVariables, serve, type InWorkerOptions, type WorkerLike } from 'rxtensor/workers';
import {
  asapScheduler,
  asyncScheduler,
  lastValueFrom,
  NEVER,
  of,
  queueScheduler,
  Subject,
  VirtualTimeScheduler,
  type Observable,
} from 'rxjs';
import { workerOf } from '../../test/support/far-side';
import { settle, unhandledErrors, until } from '../../test/support/marbles';
import { listen } from './port';
import { passTime } from '../testing/virtual-time';

const isNode = typeof process !== 'undefined';
const post = isNode
  ? `const port = require('node:worker_threads').parentPort; const post = (message) => port.postMessage(message);`
  : `const post = (message) => postMessage(message);`;
const closeSelf = isNode ? 'process.exit(0)' : 'close()';
/** Keeps a thread of Node alive, which otherwise ends when there is nothing to do. */
const stay = 'setInterval(() => undefined, 1000);';

/** The error that a stream ends with; what nobody caught fails the spec by itself. */
function errorOf(stream: Observable<unknown>): Promise<Error> {
  return lastValueFrom(stream, { defaultValue: 'nothing' }).then(
    (value) => Promise.reject(new Error(`wanted an error; the stream completed with ${String(value)}`)),
    (error: unknown) => error as Error,
  );
}

/** Milliseconds, on a clock that stands still until a spec lets it go on: how long a thread takes to begin is nobody's business. */
const TIME = 2000;

/** The error of a stream through a worker; its time is over some time after `isSilent`, and never without. */
function failureOf(worker: WorkerLike, isSilent?: Promise<unknown>): Promise<Error> {
  const scheduler = new VirtualTimeScheduler();
  const error = errorOf(NEVER.pipe(inWorker(() => worker, { timeout: TIME, scheduler })));
  void isSilent?.then(() => passTime('a worker', scheduler));
  return error;
}

/** Resolves a while after the first message. */
function afterReady(worker: WorkerLike): Promise<void> {
  return new Promise((resolve) =>
    listen(worker, { message: () => setTimeout(resolve, 100), unreadable: () => undefined }),
  );
}

describe('inWorker, of a real worker that is broken,', () => {
  const atOnce = (): Promise<void> => Promise.resolve();
  /** The third: from when on there is nothing to wait for. An error or an exit comes when it comes. */
  const cases: Readonly<
    Record<string, readonly [code: string, message: RegExp, isSilent?: (worker: WorkerLike) => Promise<void>]>
  > = {
    'posts null': [
      `post(null); ${stay}`,
      /^inWorker: the worker sent null; wanted one of next, finished, error, complete, ready/,
    ],
    'posts an error without one': [
      `post({ kind: 'ready' }); post({ kind: 'error' }); ${stay}`,
      /^inWorker: the worker sent a message 'error' whose 'error' is undefined; wanted an object of kind, name, message/,
    ],
    'posts an error named toString': [
      `post({ kind: 'ready' }); post({ kind: 'error', error: { kind: 'error', name: 'toString', message: 'odd', stack: '', cause: null, details: {} } }); ${stay}`,
      /^odd$/,
    ],
    'throws at load': [`throw new RangeError('at load');`, /^inWorker: the worker threw: .*at load/],
    'throws what cannot become text': [
      `throw { toString: 1, valueOf: 2 };`,
      isNode ? /^inWorker: the worker threw: an object$/ : /^inWorker: the worker threw: /,
    ],
    'never serves': [
      stay,
      /^inWorker: the worker has not called serve\(\) within 2000 ms; wanted serve\(pipeline\) in its file/,
      atOnce,
    ],
    'closes itself before it serves': [
      closeSelf,
      isNode
        ? /^inWorker: the worker exited with code 0 before/
        : /^inWorker: the worker has not called serve/,
      isNode ? undefined : atOnce,
    ],
    'closes itself later': [
      `post({ kind: 'ready' }); setTimeout(() => ${closeSelf}, 50); ${stay}`,
      isNode
        ? /^inWorker: the worker exited with code 0 before/
        : /^inWorker: the worker has given no sign of life for 2000 ms/,
      isNode ? undefined : afterReady,
    ],
    'computes without end': [
      `post({ kind: 'ready' }); setTimeout(() => { for (;;); }, 50);`,
      /^inWorker: the worker has given no sign of life for 2000 ms; wanted .* a longer time in the option 'timeout'/,
      afterReady,
    ],
  };
  for (const [name, [code, message, isSilent]] of Object.entries(cases)) {
    it(`is an error notification: it ${name}`, async () => {
      const unhandled = await unhandledErrors(async () => {
        const worker = workerOf(post + code);
        const error = await failureOf(worker, isSilent?.(worker));
        expect(error.message).toMatch(message);
      });
      expect(unhandled).toEqual([]);
    });
  }

  it('is an error notification: it is terminated', async () => {
    const worker = workerOf(`${post} post({ kind: 'ready' }); ${stay}`);
    const isTerminated = afterReady(worker).then(() => void worker.terminate());
    const error = await failureOf(worker, isNode ? undefined : isTerminated);
    expect(error.message).toMatch(
      isNode
        ? /^inWorker: the worker exited with code \d before/
        : /^inWorker: the worker has given no sign of life/,
    );
  });

  it('is an error notification: it cannot be made, or is used up', async () => {
    const refused = inWorker(() => {
      throw new Error('the policy of this page forbids workers');
    });
    expect((await errorOf(of(1).pipe(refused))).message).toBe('the policy of this page forbids workers');
    const worker = workerOf(
      `${post} post({ kind: 'ready' }); setTimeout(() => post({ kind: 'complete' })); ${stay}`,
    );
    await lastValueFrom(NEVER.pipe(inWorker(() => worker)), { defaultValue: 0 });
    expect((await failureOf(worker, Promise.resolve())).message).toMatch(
      /^inWorker: the worker (has not called serve\(\)|exited)/,
    );
  });

  it('ends in peace, though its ports throw', async () => {
    const { port1, port2 } = new MessageChannel();
    const worker = Object.assign(port1, {
      terminate: () => Promise.reject(new Error('not today')),
      postMessage: () => {
        throw new Error('the line is dead');
      },
    });
    const unhandled = await unhandledErrors(async () => {
      port2.postMessage({ kind: 'ready' });
      expect((await errorOf(of(1).pipe(inWorker(() => worker)))).message).toBe('the line is dead');
    });
    expect(unhandled).toEqual([]);
    port1.close();
    port2.close();
  });
});

describe('The option timeout of inWorker', () => {
  /** A worker that says something at these times, on a clock that the spec passes; gives when its stream failed, and with what. */
  async function failure(
    says: Readonly<Record<number, string>>,
    options: InWorkerOptions,
  ): Promise<{ readonly at: number; readonly message: string } | null> {
    const scheduler = new VirtualTimeScheduler();
    const listeners: ((data: unknown) => void)[] = [];
    const worker = {
      on: (event: string, listener: (data: unknown) => void) =>
        event === 'message' && listeners.push(listener),
      postMessage: (message: { kind: string }) => pings.push(message.kind),
      terminate: () => undefined,
    };
    let failed: { at: number; message: string } | null = null;
    const subscription = NEVER.pipe(inWorker(() => worker, { ...options, scheduler })).subscribe({
      error: ({ message }: Error) => (failed = { at: scheduler.now(), message }),
    });
    for (const [time, kind] of Object.entries(says)) {
      scheduler.schedule(() => listeners.forEach((each) => each({ kind })), Number(time));
    }
    await passTime('a worker', scheduler);
    subscription.unsubscribe();
    return failed;
  }
  let pings: string[];
  beforeEach(() => (pings = []));

  it('is five minutes before it serves, and can be set', async () => {
    expect((await failure({}, {}))!.at).toBe(300_000);
    expect((await failure({}, { timeout: 100 }))!.at).toBe(100);
    expect(await failure({ 99: 'ready', 150: 'complete' }, { timeout: 100 })).toBeNull();
    expect(await failure({}, { timeout: Infinity })).toBeNull();
  });

  it('begins anew with each answer, and asks where nothing comes', async () => {
    // Asked at 60, and 100 ms to answer from then on.
    expect(await failure({ 10: 'ready' }, { timeout: 100 })).toEqual({
      at: 160,
      message: jasmine.stringMatching(
        /^inWorker: the worker has given no sign of life for 100 ms; wanted/,
      ) as never,
    });
    expect(pings).toEqual(['open', 'ping', 'close']);
    const answers = Object.fromEntries([100, 200, 300, 400, 500, 600].map((time) => [time, 'alive']));
    expect((await failure({ 10: 'ready', ...answers }, { timeout: 100 }))!.at).toBeGreaterThan(700);
    expect((await failure({ 10: 'ready', ...answers }, { timeout: 50 }))!.at).toBe(85);
  });

  it('is answered by serve', async () => {
    const { port1, port2 } = new MessageChannel();
    serve<number, number>((input$) => input$, { port: port2 });
    const source = new Subject<number>();
    const seen: unknown[] = [];
    const scheduler = new VirtualTimeScheduler();
    let pongs = 0;
    listen(port1, { message: () => pongs++, unreadable: () => undefined });
    const subscription = source
      .pipe(
        inWorker<number, number>(() => Object.assign(port1, { terminate: () => port1.close() }), {
          timeout: 60,
          scheduler,
        }),
      )
      .subscribe({ next: (value) => seen.push(value), error: (error) => seen.push(String(error)) });
    // Time goes on when the port has had its turns: a message takes some.
    await until(() => pongs > 0);
    for (let time = 0; time < 400; time += 10) {
      await passTime('a worker', scheduler, { milliseconds: 10 });
      await settle();
    }
    expect(pongs).toBeGreaterThan(4);
    source.next(1);
    await until(() => seen.length > 0);
    subscription.unsubscribe();
    expect(seen).toEqual([1]);
  });

  for (const [name, scheduler] of Object.entries({ asapScheduler, queueScheduler, asyncScheduler })) {
    it(`hears what came while the page was busy, before it fails: ${name}`, async () => {
      const { port1, port2 } = new MessageChannel();
      const seen: unknown[] = [];
      const subscription = NEVER.pipe(
        inWorker(() => Object.assign(port1, { terminate: () => port1.close() }), { timeout: 20, scheduler }),
      ).subscribe({ error: (error) => seen.push(String(error)) });
      serve(() => of('served'), { port: port2 });
      // Its message waits for this thread, and so does the timer.
      const begun = performance.now();
      while (performance.now() - begun < 60);
      await settle(1);
      expect(seen).toEqual([]);
      subscription.unsubscribe();
      port2.close();
    });
  }

  it('wants a positive number, and a scheduler', () => {
    for (const timeout of [0, -1, NaN, '100', true]) {
      expect(() => inWorker(() => null as never, { timeout: timeout as number })).toThrowError(
        /^inWorker: option 'timeout' is .*; wanted a positive number of ms, or Infinity$/,
      );
    }
    expect(() => inWorker(() => null as never, { scheduler: {} as never })).toThrowError(
      /^inWorker: option 'scheduler' is an object; wanted a scheduler/,
    );
  });
});

describe('remoteVariables, asked for what cannot be posted,', () => {
  it('rejects, and says what', async () => {
    const variables = remoteVariables();
    const { port1, port2 } = new MessageChannel();
    serve(() => NEVER, { port: port2 });
    const worker = Object.assign(port1, { terminate: () => port1.close() });
    const subscription = NEVER.pipe(inWorker(() => worker, { variables })).subscribe();
    const wrong: readonly [() => Promise<unknown>, RegExp][] = [
      [
        () => variables.get([Symbol('x')] as never),
        /^remoteVariables\.get: argument 'names' is \[Symbol\(x\)\]; wanted an array of names$/,
      ],
      [() => variables.get('w' as never), /^remoteVariables\.get: argument 'names' is 'w'; wanted/],
      [
        () => variables.set(null as never),
        /^remoteVariables\.set: argument 'values' is null; wanted an object of values/,
      ],
      [
        () => variables.set({ w: (() => 1) as never }),
        /^remoteVariables\.set: 'value\.w' is a function, which cannot be cloned/,
      ],
      [
        () => variables.set({ w: 5 as never }),
        /^remoteVariables\.set: 'values\.w' is 5; wanted a tensor: \{values, shape, dtype\}$/,
      ],
      [() => variables.get(['w']), /^remoteVariables\.get: the worker has no variable 'w'/],
    ];
    for (const [ask, message] of wrong) await expectAsync(ask()).toBeRejectedWithError(message);
    subscription.unsubscribe();
  });
});

describe('Errors on their way to the other side', () => {
  const odd: Readonly<Record<string, () => unknown>> = {
    'its own cause': () => {
      const error = new Error('circle');
      error.cause = error;
      return error;
    },
    'a getter that throws': () =>
      Object.defineProperty(new Error('odd'), 'message', {
        get: () => {
          throw new Error('never');
        },
      }),
    'a name that is a function': () => Object.assign(new Error('odd'), { name: () => 'x' }),
    'a message that is a symbol': () => Object.assign(new Error('odd'), { message: Symbol('s') }),
    'no prototype': () => Object.create(null) as unknown,
    'a function': () => () => 1,
    'an enumerable getter that throws': () =>
      Object.defineProperty(new Error('odd'), 'code', {
        enumerable: true,
        get: () => {
          throw new Error('never');
        },
      }),
  };
  for (const [name, make] of Object.entries(odd)) {
    it(`arrive, whatever they are: ${name}`, async () => {
      const { port1, port2 } = new MessageChannel();
      serve(
        () => {
          throw make();
        },
        { port: port2 },
      );
      const worker = Object.assign(port1, { terminate: () => port1.close() });
      const unhandled = await unhandledErrors(async () => {
        const failed: unknown[] = [];
        await of(1)
          .pipe(inWorker(() => worker, { timeout: 1000 }))
          .forEach(() => undefined)
          .catch((error: unknown) => failed.push(error));
        expect(failed.length).toBe(1);
        expect(String(failed[0])).not.toContain('no sign of life');
      });
      expect(unhandled).toEqual([]);
    });
  }
});
