import * as dl from 'rxtensor';
import { inWorker, remoteVariables, serve, type InWorkerOptions } from 'rxtensor/workers';
import { Subject, type Subscription } from 'rxjs';
import {
  packedError,
  packedTensor,
  randomMessages,
  wrongPageMessages,
  wrongWorkerMessages,
} from '../../test/support/hostile-messages';
import { unhandledErrors, until } from '../../test/support/marbles';
import { numbers } from '../../test/support/reference';
import { testRun } from '../../test/support/test-run';

const { seed: runSeed = 1, hostile: draws = 300 } = testRun();

/** Lets messages that were posted arrive, and what they lead to. */
const arrive = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve));
};

/** Does a piece of work for each item, many at a time: most of it is waiting. */
async function forMany<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const MANY = 50;
  for (let i = 0; i < items.length; i += MANY) await Promise.all(items.slice(i, i + MANY).map(work));
}

/** A page whose worker is a port in the spec's hands. */
class HostileWorker {
  private readonly channel = new MessageChannel();
  readonly variables = remoteVariables();
  readonly source = new Subject<number>();
  readonly seen: unknown[] = [];
  readonly errors: unknown[] = [];
  terminated = 0;
  private readonly subscription: Subscription;

  constructor(options: InWorkerOptions = {}) {
    const worker = Object.assign(this.channel.port1, { terminate: () => this.terminated++ });
    this.subscription = this.source
      .pipe(
        inWorker<number, unknown>(() => worker, { variables: this.variables, name: 'mole', ...options }),
        dl.download(),
      )
      .subscribe({ next: (value) => this.seen.push(value), error: (error) => this.errors.push(error) });
  }

  get hasEnded(): boolean {
    return this.subscription.closed;
  }

  say(message: unknown): void {
    this.channel.port2.postMessage(message);
  }

  close(): void {
    this.subscription.unsubscribe();
    this.channel.port1.close();
    this.channel.port2.close();
  }
}

describe('Hostile messages of a worker', () => {
  /** Gives what the page's stream ends with. */
  async function answerTo(messages: readonly unknown[]): Promise<HostileWorker> {
    const worker = new HostileWorker();
    worker.say({ kind: 'ready' });
    worker.source.next(1);
    // Nobody may have to care for its answer.
    worker.variables.get().catch(() => undefined);
    for (const each of messages) worker.say(each);
    await until(() => worker.hasEnded);
    await arrive();
    worker.close();
    return worker;
  }

  it('of any wrong kind or content are one error notification, and end the worker', async () => {
    const messages = wrongWorkerMessages();
    expect(messages.length).toBeGreaterThan(1000);
    const unhandled = await unhandledErrors(() =>
      forMany(messages, async ({ name, message }) => {
        const { errors, terminated } = await answerTo([message]);
        expect(errors.length).withContext(name).toBe(1);
        expect(String(errors[0]))
          .withContext(name)
          .toMatch(/^Error: inWorker: the worker 'mole' sent .*wanted/s);
        expect(terminated).withContext(name).toBe(1);
      }),
    );
    expect(unhandled).toEqual([]);
  });

  const value = { kind: 'next', id: 0, packed: packedTensor(), trail: null };
  const outOfTurn: readonly [name: string, messages: readonly unknown[], wanted: RegExp][] = [
    ['ready twice', [{ kind: 'ready' }], /'ready' out of turn; wanted 'ready' once$/],
    ['a value twice', [value, value], /'next' out of turn; wanted the value of number 1$/],
    ['a value too early', [{ ...value, id: 1 }], /'next' out of turn; wanted the value of number 0$/],
    [
      'an end of a value twice',
      [
        { kind: 'finished', id: 0 },
        { kind: 'finished', id: 0 },
      ],
      /'finished' out of turn; wanted the number of a value that is not finished$/,
    ],
    [
      'an answer twice',
      [
        { kind: 'answer', request: 0, packed: packedTensor() },
        { kind: 'refusal', request: 0, error: packedError() },
      ],
      /'refusal' out of turn; wanted the number of a request that waits$/,
    ],
  ];
  for (const [name, messages, wanted] of outOfTurn) {
    it(`out of turn are an error: ${name}`, async () => {
      const { errors } = await answerTo(messages);
      expect(errors.length).toBe(1);
      expect(String(errors[0])).toMatch(wanted);
    });
  }

  it('before it serves are an error', async () => {
    const worker = new HostileWorker();
    worker.say(value);
    await until(() => worker.hasEnded);
    expect(String(worker.errors[0])).toBe(
      "Error: inWorker: the worker 'mole' sent a message 'next' out of turn; wanted 'ready' first",
    );
    worker.close();
  });

  it('after the end are nobody’s', async () => {
    const after = [
      null,
      { kind: 'error' },
      value,
      { kind: 'complete' },
      { kind: 'ready' },
      { kind: 'toString' },
    ];
    const completed = await answerTo([{ kind: 'complete' }, ...after]);
    expect([completed.errors, completed.seen, completed.terminated]).toEqual([[], [], 1]);
    const failed = await answerTo([{ kind: 'error', error: packedError() }, ...after]);
    expect(failed.errors.map(String)).toEqual(['RangeError: out of range']);
  });

  it('have errors of any name, which are errors here', async () => {
    for (const name of [
      'toString',
      '__proto__',
      'constructor',
      'valueOf',
      '',
      'Error',
      'TypeError',
      'Function',
    ]) {
      const details = JSON.parse('{"__proto__":{"isAdmin":true},"code":7,"toString":1}') as object;
      const { errors } = await answerTo([{ kind: 'error', error: { ...packedError(name), details } }]);
      const error = errors[0] as Error & { code: number; isAdmin?: boolean };
      expect(error).withContext(name).toBeInstanceOf(Error);
      expect([error.name, error.message, error.code, error.isAdmin])
        .withContext(name)
        .toEqual([name, 'out of range', 7, undefined]);
    }
  });

  it('at random, in any order, end in values, an error or nothing, and leave nothing behind', async () => {
    const next = numbers(runSeed + 1);
    const runs = Array.from({ length: draws }, () => randomMessages('worker', next));
    const unhandled = await unhandledErrors(() =>
      forMany(runs, async (messages) => {
        const worker = new HostileWorker();
        worker.source.next(1);
        worker.variables.get().catch(() => undefined);
        for (const { message } of messages) worker.say(message);
        await arrive();
        const names = `${messages.map(({ name }) => name).join('; ')} (seed ${runSeed})`;
        expect(worker.errors.length).withContext(names).toBeLessThan(2);
        worker.close();
        expect(worker.terminated).withContext(names).toBe(1);
      }),
    );
    expect(unhandled).toEqual([]);
  });
});

/** A `serve` whose page is a port in the spec's hands. */
class HostilePage {
  private readonly channel = new MessageChannel();
  readonly heard: { kind: string; error?: { message: string } }[] = [];

  constructor() {
    this.channel.port1.onmessage = ({ data }: MessageEvent<HostilePage['heard'][number]>) =>
      this.heard.push(data);
    serve<unknown, unknown>((input$) => input$, { port: this.channel.port2 });
  }

  get errors(): string[] {
    return this.heard
      .filter(({ kind }) => kind === 'error' || kind === 'refusal')
      .map(({ error }) => error!.message);
  }

  say(message: unknown): void {
    this.channel.port1.postMessage(message);
  }

  async close(): Promise<void> {
    this.say({ kind: 'close' });
    await arrive();
    this.channel.port1.close();
    this.channel.port2.close();
  }
}

describe('Hostile messages of a page', () => {
  /** May be asked for, and set. */
  let x: dl.Variable;
  beforeEach(() => {
    x = dl.tidy(() => dl.variable(dl.zeros([2]), false, 'x'));
  });
  afterEach(() => x.dispose());

  const begin = [
    { kind: 'open', parameters: ['x'], values: {} },
    { kind: 'next', id: 0, packed: { value: 1, tensors: [] }, trail: null },
  ];

  /** Gives what the page hears. */
  async function answerTo(
    messages: readonly unknown[],
    before: readonly unknown[] = begin,
    isOver = (page: HostilePage): boolean => page.errors.length > 0,
  ): Promise<HostilePage> {
    const page = new HostilePage();
    for (const each of [...before, ...messages]) page.say(each);
    await until(() => isOver(page));
    await page.close();
    return page;
  }

  it('of any wrong kind or content are answered with an error, once', async () => {
    // The first value has come: the next one has number 1.
    const messages = wrongPageMessages().filter(({ name }) => !name.startsWith('next: id is 1'));
    expect(messages.length).toBeGreaterThan(1000);
    const unhandled = await unhandledErrors(() =>
      forMany(messages, async ({ name, message }) => {
        const right = (message as { kind?: unknown; id?: unknown } | null) ?? {};
        if (right.kind === 'next' && right.id === 0) right.id = 1;
        const { errors } = await answerTo([message]);
        expect(errors.length).withContext(name).toBe(1);
        expect(errors[0])
          .withContext(name)
          .toMatch(/^serve: the page sent .*wanted/s);
      }),
    );
    expect(unhandled).toEqual([]);
  });

  const outOfTurn: readonly [string, readonly unknown[], readonly unknown[], RegExp][] = [
    ['open twice', [begin[0]], begin, /'open' out of turn; wanted 'open' once$/],
    ['a value before it', [begin[1]], [], /'next' out of turn; wanted 'open' first$/],
    ['a value twice', [begin[1]], begin, /'next' out of turn; wanted the value of number 1$/],
    ['the end of no value', [{ kind: 'finished', id: 9 }], begin, /'finished' out of turn/],
    [
      'a parameter that is none',
      [{ kind: 'parameter', name: 'toString', value: 1 }],
      begin,
      /'parameter' out of turn; wanted one that was opened with$/,
    ],
    [
      'values that are no tensors',
      [
        {
          kind: 'set variables',
          request: 0,
          packed: { value: { x: { values: [1], shape: [1] } }, tensors: [] },
        },
      ],
      begin,
      /^remoteVariables\.set: 'values\.x\.values' is \[1\]; wanted a Float32Array or Int32Array or Uint8Array of 1, for the shape \[1\]$/,
    ],
    [
      'values that are nothing',
      [{ kind: 'set variables', request: 0, packed: { value: null, tensors: [] } }],
      begin,
      /^remoteVariables\.set: 'values' is null; wanted an object$/,
    ],
  ];
  for (const [name, messages, before, wanted] of outOfTurn) {
    it(`out of turn are answered with an error: ${name}`, async () => {
      const { errors } = await answerTo(messages, before);
      expect(errors.length).toBe(1);
      expect(errors[0]).toMatch(wanted);
    });
  }

  it('after the end are nobody’s', async () => {
    const after = [{ kind: 'close' }, null, begin[0], { kind: 'ping' }, begin[1]];
    const { heard } = await answerTo(after, begin, (page) => page.heard.length === 3);
    expect(heard.map(({ kind }) => kind)).toEqual(['ready', 'next', 'finished']);
  });

  it('at random, in any order, leave nothing behind', async () => {
    const next = numbers(runSeed + 2);
    const runs = Array.from({ length: draws }, () => randomMessages('page', next));
    const unhandled = await unhandledErrors(() =>
      forMany(runs, async (messages) => {
        const page = new HostilePage();
        for (const { message } of messages) page.say(message);
        await arrive();
        await page.close();
        const names = `${messages.map(({ name }) => name).join('; ')} (seed ${runSeed})`;
        expect(page.heard.filter(({ kind }) => kind === 'error').length)
          .withContext(names)
          .toBeLessThan(2);
      }),
    );
    expect(unhandled).toEqual([]);
  });
});
