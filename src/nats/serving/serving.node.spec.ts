import { metrics } from '@opentelemetry/api';
import { headers, type Msg } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import * as prometheus from 'prom-client';
import * as dl from 'rxtensor';
import { input, layers, model } from 'rxtensor/models';
import {
  openTelemetryMetrics,
  prometheusMetrics,
  remoteModel,
  RemoteModelError,
  serveModel,
  type RefusedMessage,
  type RemoteModelOptions,
  type ServedModel,
  type ServeModelOptions,
} from 'rxtensor/nats';
import { firstValueFrom, Subject, toArray, type Observable } from 'rxjs';
import { startNatsServer } from '../../../scripts/nats-server';
import { natsOfSuite } from '../../../test/support/nats';
import { sleep } from '../training/signal';
import { encodeValue } from '../codec';
import { flushed } from '../connection';

describe('A model served over NATS', () => {
  const nats = natsOfSuite({ connectionOf: 'spec' });
  let served: ServedModel[];
  let services = 0;

  beforeEach(() => {
    served = [];
    services++;
  });
  afterEach(async () => {
    await Promise.all(served.map((each) => each.stop()));
  });

  const name = (): string => `model-${services}`;

  async function serve<T, R>(
    run: (inputs: T) => R | PromiseLike<R>,
    options: ServeModelOptions = {},
  ): Promise<ServedModel> {
    const instance = await serveModel(nats.connection, name(), run, options);
    served.push(instance);
    return instance;
  }

  const double = (x: dl.Tensor): dl.Tensor => x.mul(2);
  const rows = (values: readonly number[]): Observable<dl.Tensor> =>
    dl.examples(values as number[]).pipe(dl.mapTensor((x) => dl.fill([1, 2], x)));

  /** The first number of each result. */
  const ask = (values: readonly number[], options: RemoteModelOptions = {}): Promise<number[]> =>
    firstValueFrom(
      rows(values).pipe(
        remoteModel<dl.Tensor, dl.Tensor>(nats.connection, name(), options),
        dl.mapTensor((y) => y.dataSync()[0]!),
        toArray(),
      ),
    );

  async function failureOf(answers: Promise<unknown>): Promise<RemoteModelError> {
    try {
      await answers;
    } catch (error) {
      return error as RemoteModelError;
    }
    throw new Error('it did not fail');
  }

  it('answers in order, and several instances share the work', async () => {
    const slow = async (x: dl.Tensor): Promise<dl.Tensor> => {
      const y = x.mul(2);
      await sleep(10);
      return y;
    };
    const instances = [await serve(slow), await serve(slow)];
    const values = Array.from({ length: 20 }, (_, i) => i);
    expect(await ask(values)).toEqual(values.map((x) => 2 * x));
    const counts = instances.map((each) => each.statistics().requests);
    expect(counts[0]! + counts[1]!).toBe(20);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('has many requests out at a time without a warning of Node', async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', note);
    try {
      const instance = await serve(double, { maxBatch: 20, maxWait: 10_000 });
      const values = Array.from({ length: 20 }, (_, i) => i);
      const answers = dl.examples(values, { inFlight: 40 }).pipe(
        dl.mapTensor((x) => dl.fill([1, 2], x)),
        remoteModel<dl.Tensor, dl.Tensor>(nats.connection, name(), { concurrency: 20 }),
        dl.mapTensor((y) => y.dataSync()[0]!),
        toArray(),
      );
      expect(await firstValueFrom(answers)).toEqual(values.map((value) => 2 * value));
      // All twenty were out at once: one batch took them.
      expect(instance.statistics().batches).toBe(1);
      await sleep(0);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', note);
    }
  });

  it('joins requests along the first axis, and parts the results', async () => {
    const shapes: number[][] = [];
    const instance = await serve(
      ({ x, scale }: { x: dl.Tensor; scale: number }) => {
        shapes.push(x.shape as number[]);
        return { y: x.mul(scale), sums: x.sum(1) };
      },
      { maxBatch: 8, maxWait: 200 },
    );
    const one = (value: number, count: number): Promise<unknown> =>
      firstValueFrom(
        dl.examples([value]).pipe(
          dl.mapTensor((x) => ({ x: dl.fill([count, 2], x), scale: 3 })),
          remoteModel<unknown, { y: dl.Tensor; sums: dl.Tensor }>(nats.connection, name()),
          dl.mapTensor(({ y, sums }) => [y.shape, [...y.dataSync()], [...sums.dataSync()]]),
        ),
      );
    const found = await Promise.all([one(1, 2), one(2, 1), one(3, 5)]);
    expect(found).toEqual([
      [
        [2, 2],
        [3, 3, 3, 3],
        [2, 2],
      ],
      [[1, 2], [6, 6], [4]],
      [[5, 2], Array(10).fill(9), Array(5).fill(6)],
    ]);
    expect(shapes).toEqual([[8, 2]]);
    expect(instance.statistics().batches).toBe(1);
  });

  it('does not join what does not fit together', async () => {
    const shapes: number[][] = [];
    const run = (x: dl.Tensor): dl.Tensor => {
      shapes.push(x.shape as number[]);
      return x.add(x);
    };
    await serve(run, { maxBatch: 4, maxWait: 50 });
    const results = await Promise.all(
      [dl.ones([1, 2]), dl.ones([1, 3]), dl.scalar(1), dl.ones([1, 2], 'int32')].map(async (x) => {
        const shape = await firstValueFrom(
          dl.examples([0]).pipe(
            dl.mapTensor(() => x.clone()),
            remoteModel<dl.Tensor, dl.Tensor>(nats.connection, name()),
            dl.mapTensor((y) => [y.shape, y.dtype]),
          ),
        );
        x.dispose();
        return shape;
      }),
    );
    expect(results).toEqual([
      [[1, 2], 'float32'],
      [[1, 3], 'float32'],
      [[], 'float32'],
      [[1, 2], 'int32'],
    ]);
    expect(shapes.length).toBe(4);
  });

  it('serves a model of layers', async () => {
    const x = input({ shape: [2] });
    const network = model({
      inputs: x,
      outputs: layers.dense({ units: 3, kernelInitializer: 'ones' }).apply(x),
    });
    served.push(await serveModel(nats.connection, name(), network));
    expect(await ask([1, 2])).toEqual([2, 4]);
    network.dispose();
  });

  it("hands on the text of the model's error, goes on, and tells when it is unwell", async () => {
    const instance = await serve((x: dl.Tensor) => {
      if (x.dataSync()[0]! < 0) throw new Error('it has no root');
      return x.sqrt();
    });
    for (let i = 0; i < 3; i++) {
      const error = await failureOf(ask([-1]));
      expect(error).toBeInstanceOf(RemoteModelError);
      expect([error.code, error.message]).toEqual([500, `remoteModel: '${name()}' answers: it has no root`]);
    }
    expect(instance.isHealthy()).toBeFalse();
    const health = (await nats.connection.request(`${name()}.health`)).json<{
      healthy: boolean;
      errors: number;
    }>();
    expect([health.healthy, health.errors]).toEqual([false, 3]);
    expect(await ask([4])).toEqual([2]);
    expect(instance.isHealthy()).toBeTrue();
    expect(instance.statistics().lastError).toBe('it has no root');
  });

  it('says what is wrong with a result that cannot be parted', async () => {
    await serve((x: dl.Tensor) => x.sum(), { maxBatch: 2, maxWait: 300 });
    const errors = await Promise.all([failureOf(ask([1])), failureOf(ask([2]))]);
    expect(errors.map(({ message }) => message)).toEqual(
      Array(2).fill(
        `remoteModel: '${name()}' answers: the model gave a tensor of shape [] as 'result' for 2 rows of 2 requests; wanted a tensor of 2 rows, or an array of 2 numbers, texts or objects; or no option 'maxBatch'`,
      ) as string[],
    );
  });

  /** The answers to requests that are joined to one batch, or the texts of errors. */
  const askTogether = (values: readonly (() => unknown)[]): Promise<unknown[]> =>
    Promise.all(
      values.map((value) =>
        firstValueFrom(
          dl
            .examples([0])
            .pipe(dl.mapTensor(value), remoteModel<unknown, unknown>(nats.connection, name()), dl.download()),
        ).catch((error: unknown) => (error as Error).message),
      ),
    );
  const row = (value: number) => (): dl.Tensor => dl.tensor2d([value], [1, 1]);

  it('gives each of a batch its own entries of arrays', async () => {
    const instance = await serve(
      async (x: dl.Tensor) => {
        const values = await x.data();
        return {
          squares: x.square(),
          labels: Array.from(values, (each) => `label ${each}`),
          typed: new Float64Array(values),
          objects: Array.from(values, (each) => ({ top: [each, each + 1] })),
        };
      },
      { maxBatch: 3, maxWait: 1000 },
    );
    const answers = await askTogether([row(1), row(2), row(3)]);
    expect(instance.statistics().batches).toBe(1);
    expect(answers).toEqual(
      [1, 2, 3].map((each) => ({
        squares: jasmine.anything(),
        labels: [`label ${each}`],
        typed: new Float64Array([each]),
        objects: [{ top: [each, each + 1] }],
      })),
    );
  });

  it('gives nobody what another asked, but an error that names what cannot be parted', async () => {
    const results: readonly (readonly [(values: readonly number[]) => unknown, string])[] = [
      [(values) => values.join(), "a text as 'result'"],
      [(values) => ({ a: { sum: values.length } }), "a number as 'result.a.sum'"],
      [(values) => ({ secret: [...values, 7] }), "an array of 3 as 'result.secret'"],
      [(values) => ({ secret: new Float32Array([...values, 7]) }), "an array of 3 as 'result.secret'"],
      [(values) => [values, values], "an array of arrays as 'result'"],
      [(values) => [dl.tensor1d([...values]), values.join()], "a text as 'result[1]'"],
      [() => ({ none: null }), "null as 'result.none'"],
    ];
    for (const [result, found] of results) {
      services++;
      await serve(async (x: dl.Tensor) => result([...(await x.data())]), { maxBatch: 2, maxWait: 1000 });
      for (const answer of await askTogether([row(7131), row(7132)])) {
        expect(answer).toContain(
          `the model gave ${found} for 2 rows of 2 requests; wanted a tensor of 2 rows`,
        );
        expect(answer).not.toMatch(/713/);
      }
    }
  });

  it('joins no input with one that only looks like it', async () => {
    const ones = (): dl.Tensor => dl.ones([1, 2]);
    const shared = (): unknown => {
      const x = ones();
      return { x, b: x };
    };
    const alike: readonly (readonly [() => unknown, () => unknown])[] = [
      [() => ({ x: ones(), b: ones() }), () => ({ x: ones(), b: ['tensor', 'float32', [2]] })],
      [() => ({ x: ones(), b: ones() }), shared],
      [() => ({ x: ones(), b: NaN }), () => ({ x: ones(), b: ['number', 'NaN'] })],
      [() => ({ x: ones(), b: NaN }), () => ({ x: ones(), b: null })],
      [() => ({ x: ones(), b: 0 }), () => ({ x: ones(), b: -0 })],
      [() => ({ x: ones(), b: undefined }), () => ({ x: ones() })],
      [() => ({ x: ones(), b: [undefined] }), () => ({ x: ones(), b: [null] })],
      [() => ({ x: ones(), b: new Int8Array([1]) }), () => ({ x: ones(), b: new Uint8Array([1]) })],
      [() => ({ x: ones(), b: new Int8Array([1]) }), () => ({ x: ones(), b: ['array', 1] })],
      [() => ({ x: ones(), b: { '#': ['value', 0] } }), () => ({ x: ones(), b: ones() })],
      [() => ({ x: ones(), b: { 0: 1 } }), () => ({ x: ones(), b: [1] })],
    ];
    for (const pair of alike) {
      services++;
      const instance = await serve(({ x }: { x: dl.Tensor }) => x.add(1), { maxBatch: 2, maxWait: 20 });
      const answers = await askTogether(pair);
      expect(answers.map((each) => Array.isArray(each) || ArrayBuffer.isView(each))).toEqual([true, true]);
      expect(instance.statistics().batches).withContext(String(pair)).toBe(2);
    }
    services++;
    const instance = await serve(({ x }: { x: dl.Tensor }) => x.add(1), { maxBatch: 2, maxWait: 1000 });
    const same = (): unknown => ({ x: ones(), b: [NaN, -0, undefined, { c: new Int8Array([1]) }, 'text'] });
    await askTogether([same, same]);
    expect(instance.statistics().batches).toBe(1);
  });

  it('answers the others of a batch when one of them makes the model fail', async () => {
    const instance = await serve(
      async (x: dl.Tensor) => {
        const y = x.mul(2);
        const bad = (await x.data()).findIndex((each) => each < 0);
        if (bad >= 0) throw new Error(`row ${bad} is wrong`);
        return y;
      },
      { maxBatch: 8, maxWait: 1000 },
    );
    const values = [1, 2, 3, 4, -1, 6, 7, 8];
    const answers = await askTogether(values.map(row));
    const { errors, requests, batches } = instance.statistics();
    expect(answers.map(String)).toEqual(
      values.map((each) =>
        each < 0 ? `remoteModel: '${name()}' answers: row 0 is wrong` : String(2 * each),
      ),
    );
    // 8, then 4 and 4, of which the second is parted again twice.
    expect([errors, requests, batches]).toEqual([1, 8, 7]);
    expect(instance.isHealthy()).toBeTrue();
  });

  it('tells who asks at once that the connection is closed', async () => {
    const held = new Promise<void>((resolve) => setTimeout(resolve, 1000));
    const instance = await serve(async (x: dl.Tensor) => {
      const y = x.mul(2);
      await held;
      return y;
    });
    const other = await connect({ servers: nats.server.url });
    const askOther = (): Promise<RemoteModelError> =>
      failureOf(
        firstValueFrom(
          rows([1]).pipe(
            remoteModel<dl.Tensor, dl.Tensor>(other, name(), { timeout: 20_000 }),
            dl.download(),
          ),
        ),
      );
    const begun = Date.now();
    const asked = askOther();
    while (instance.statistics().waiting + instance.statistics().batches === 0 && Date.now() < begun + 200)
      await sleep(5);
    await other.close();
    for (const error of [await asked, await askOther()]) {
      expect(error).toBeInstanceOf(RemoteModelError);
      expect([error.code, error.message]).toEqual([
        503,
        jasmine.stringMatching(/^remoteModel: the connection to NATS is closed; wanted an open one/),
      ]);
    }
    expect(Date.now() - begun).toBeLessThan(2000);
    await expectAsync(serveModel(other, 'a', double)).toBeRejectedWithError(
      /^serveModel: the connection to NATS is closed/,
    );
  });

  it('stops, and answers no more, when its connection closes in the middle of a request', async () => {
    const other = await connect({ servers: nats.server.url });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let runs = 0;
    const instance = await serveModel(other, name(), async (x: dl.Tensor) => {
      runs++;
      const y = x.mul(2);
      await held;
      return y;
    });
    const answers = failureOf(ask([1], { timeout: 300 }));
    while (runs === 0) await sleep(5);
    await other.close();
    release();
    expect(instance.isHealthy()).toBeFalse();
    await instance.stop();
    expect((await answers).code).toBe(504);
  });

  it('stops while the server is away, and is gone when it is back', async () => {
    const own = await startNatsServer();
    const [there, here] = await Promise.all(
      [0, 1].map(() => connect({ servers: own.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 })),
    );
    const instance = await serveModel(there!, name(), double);
    await own.kill();
    await instance.stop();
    await own.start();
    await Promise.all([flushed('spec', there!), flushed('spec', here!)]);
    for (const subject of [`${name()}.predict`, `${name()}.health`, `$SRV.PING.${name()}`])
      await expectAsync(here!.request(subject, '', { timeout: 5000 })).toBeRejectedWithError(
        /no responders/i,
      );
    await Promise.all([there!.close(), here!.close()]);
    await own.stop();
  });

  it('lets go of requests that come in parts when their senders are slow, and when it stops', async () => {
    const instance = await serve(double, { queue: 2 });
    const subject = `_INBOX.rxtensor-parts.${'A'.repeat(22)}`;
    const silent = nats.connection.subscribe(subject, { callback: () => undefined });
    const request = (bytes: number, patience: string): Promise<Msg> => {
      const sent = headers();
      sent.set('Rxtensor-Parts', `60000000 ${bytes} ${subject}`);
      sent.set('Rxtensor-Patience', patience);
      return nats.connection.request(`${name()}.predict`, new Uint8Array(bytes), {
        headers: sent,
        timeout: 5000,
      });
    };
    const codeOf = (message: Msg): unknown => message.headers?.get('Nats-Service-Error-Code');
    const errorOf = (message: Msg): unknown => message.headers?.get('Nats-Service-Error');
    const small = await Promise.all([request(1, '30000'), request(1, '30000')]);
    for (const each of small) expect(errorOf(each)).toMatch(/comes in parts of 1 bytes; wanted at least/);
    expect(await ask([1])).toEqual([2]);
    const slow = await Promise.all([request(500_000, '200'), request(500_000, '200')]);
    for (const each of slow)
      expect([codeOf(each), errorOf(each)]).toEqual(['400', jasmine.stringMatching(/slow/)]);
    expect(await ask([1])).toEqual([2]);
    const last = request(500_000, '30000');
    await sleep(100);
    const begun = Date.now();
    await instance.stop();
    expect(Date.now() - begun).toBeLessThan(1500);
    expect([codeOf(await last), errorOf(await last)]).toEqual([
      '503',
      `this instance of ${name()} stops; ask again`,
    ]);
    silent.unsubscribe();
  });

  it('forgets a large answer when it has been fetched, when the time to wait is over, and when it is called off', async () => {
    await serve(() => dl.zeros([400_000]));
    const request = async (patience: string): Promise<string> => {
      const sent = headers();
      sent.set('Rxtensor-Patience', patience);
      sent.set('Rxtensor-Request', 'mine');
      const answer = await nats.connection.request(`${name()}.predict`, encodeValue('spec', 1), {
        headers: sent,
        timeout: 10_000,
      });
      return answer.headers!.get('Rxtensor-Parts').split(' ')[2]!;
    };
    const partOf = (subject: string): Promise<Msg> =>
      nats.connection.request(subject, '1', { timeout: 1000 });
    const expectForgotten = async (subject: string): Promise<void> => {
      await expectAsync(partOf(subject)).toBeRejectedWithError(/no responders/i);
    };
    const fetched = await request('30000');
    expect((await partOf(fetched)).data.length).toBeGreaterThan(500_000);
    await expectForgotten(fetched);
    const late = await request('300');
    await sleep(400);
    await expectForgotten(late);
    const calledOff = await request('30000');
    nats.connection.publish(`${name()}.cancel`, 'mine');
    await nats.connection.flush();
    await expectForgotten(calledOff);
  });

  it('does not compute what was called off while it was being read', async () => {
    let computed = 0;
    const instance = await serve((x: dl.Tensor) => {
      computed++;
      return x.mul(2);
    });
    const bytes = encodeValue('spec', new Float32Array(200_000));
    const size = 1 << 19;
    const subject = `_INBOX.rxtensor-parts.${'C'.repeat(22)}`;
    const asked: Msg[] = [];
    const parts = nats.connection.subscribe(subject, { callback: (_, message) => void asked.push(message) });
    const sent = headers();
    sent.set('Rxtensor-Parts', `${bytes.length} ${size} ${subject}`);
    sent.set('Rxtensor-Request', 'mine');
    nats.connection.publish(`${name()}.predict`, bytes.subarray(0, size), { headers: sent });
    while (asked.length === 0) await sleep(5);
    nats.connection.publish(`${name()}.cancel`, 'mine');
    await nats.connection.flush();
    asked[0]!.respond(bytes.subarray(size));
    expect(await ask([3])).toEqual([6]);
    await sleep(100);
    expect([computed, instance.statistics().cancelled]).toEqual([1, 1]);
    parts.unsubscribe();
  });

  it('is given up while a large answer comes slowly', async () => {
    const subject = `_INBOX.rxtensor-parts.${'B'.repeat(22)}`;
    const subscriptions = [
      nats.connection.subscribe(subject, { callback: () => undefined }),
      nats.connection.subscribe(`${name()}.predict`, {
        callback: (_, message) => {
          const sent = headers();
          sent.set('Rxtensor-Parts', `60000000 500000 ${subject}`);
          message.respond(new Uint8Array(500_000), { headers: sent });
        },
      }),
    ];
    const error = await failureOf(ask([1], { timeout: 300 }));
    expect([error.code, error.message]).toEqual([
      504,
      `remoteModel: '${name()}' has not answered within 300 ms`,
    ]);
    for (const each of subscriptions) each.unsubscribe();
  });

  it('is not asked when the subscription ends while the request is made', async () => {
    const instance = await serve(double);
    const values = new Subject<number>();
    const asking = values.pipe(remoteModel(nats.connection, name())).subscribe();
    values.next(1);
    asking.unsubscribe();
    await sleep(50);
    await nats.connection.flush();
    const { requests, batches, cancelled } = instance.statistics();
    expect([requests, batches, cancelled]).toEqual([0, 0, 0]);
  });

  it('is missed at once, waited for no longer than the timeout, and called off by who leaves', async () => {
    expect((await failureOf(ask([1]))).code).toBe(503);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const instance = await serve(async (x: dl.Tensor) => {
      const y = x.mul(2);
      await held;
      return y;
    });
    const late = await failureOf(ask([1], { timeout: 100 }));
    expect([late.code, late.message]).toEqual([
      504,
      `remoteModel: '${name()}' has not answered within 100 ms`,
    ]);
    const leaving = rows([2]).pipe(remoteModel(nats.connection, name())).subscribe({ error: fail });
    while (instance.statistics().waiting === 0) await sleep(5);
    leaving.unsubscribe();
    while (instance.statistics().cancelled === 0) await sleep(5);
    release();
    expect(await ask([3])).toEqual([6]);
    expect(instance.statistics().cancelled).toBe(1);
  });

  it('has versions side by side', async () => {
    await serve(double);
    await serve((x: dl.Tensor) => x.mul(-2), { version: '2.0.0-beta.1' });
    expect(await ask([1, 2], { version: '1.0.0' })).toEqual([2, 4]);
    expect(await ask([1, 2], { version: '2.0.0-beta.1' })).toEqual([-2, -4]);
    expect((await ask([1]))[0]! ** 2).toBe(4);
    await serve((x: dl.Tensor) => x.mul(3), { version: '1.0.0-a.b' });
    await serve((x: dl.Tensor) => x.mul(4), { version: '1.0.0-a+b' });
    expect(await ask([1, 1, 1, 1], { version: '1.0.0-a.b' })).toEqual([3, 3, 3, 3]);
    expect(await ask([1, 1, 1, 1], { version: '1.0.0-a+b' })).toEqual([4, 4, 4, 4]);
    expect(() => remoteModel(nats.connection, name(), { version: '1.0.0-a_b' })).toThrowError(
      /option 'version'/,
    );
    expect((await failureOf(ask([1], { version: '3.0.0' }))).message).toMatch(
      /nobody serves .* of version 3\.0\.0/,
    );
  });

  it('answers what waits before it stops', async () => {
    const instance = await serve(async (x: dl.Tensor) => {
      const y = x.mul(2);
      await sleep(20);
      return y;
    }, {});
    const answers = ask([1, 2]);
    while (instance.statistics().waiting < 1) await sleep(1);
    await instance.stop();
    expect(await answers).toEqual([2, 4]);
    expect((await failureOf(ask([1]))).code).toBe(503);
  });

  it('refuses what it cannot take, and counts it', async () => {
    const refused: RefusedMessage[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const instance = await serve(
      async (x: dl.Tensor) => {
        const y = x.mul(2);
        await held;
        return y;
      },
      { queue: 1, mostBytes: 10_000, onRefused: (each) => refused.push(each) },
    );
    const subject = `${name()}.predict`;
    const codes: (string | undefined)[] = [];
    for (const bytes of ['hello', encodeValue('spec', new Float32Array(5000))])
      codes.push((await nats.connection.request(subject, bytes)).headers?.get('Nats-Service-Error-Code'));
    expect(codes).toEqual(['400', '400']);
    const answers = ask([1]);
    while (instance.statistics().waiting > 0 || instance.statistics().requests < 2) await sleep(1);
    await sleep(50);
    const waiting = ask([2]);
    while (instance.statistics().waiting === 0) await sleep(1);
    expect((await failureOf(ask([3]))).code).toBe(429);
    release();
    expect([await answers, await waiting]).toEqual([[2], [4]]);
    expect(refused.map(({ count }) => count)).toEqual([1, 2, 3]);
    expect(refused[1]!.reason).toMatch(/has \d+ bytes; wanted at most 10000/);
    expect(instance.statistics()).toEqual(
      jasmine.objectContaining({ requests: 5, errors: 3, refused: 3, batches: 2 }),
    );
  });

  it('takes inputs and gives results that are larger than a message', async () => {
    await serve((x: dl.Tensor) => dl.concat([x, x], 0));
    const found = await firstValueFrom(
      dl.examples([1]).pipe(
        dl.mapTensor(() => dl.range(0, 400_000)),
        remoteModel<dl.Tensor, dl.Tensor>(nats.connection, name()),
        dl.mapTensor((y) => [y.size, y.dataSync()[799_999]]),
      ),
    );
    expect(found).toEqual([800_000, 399_999]);
  });

  it('is seen by the tools of NATS', async () => {
    const instance = await serve(double, { description: 'doubles' });
    await ask([1, 2]);
    const common = { name: name(), id: instance.id, version: '1.0.0', metadata: {} };
    const get = async (subject: string): Promise<Record<string, unknown>> =>
      (await nats.connection.request(`$SRV.${subject}`)).json();
    expect(await get(`PING.${name()}`)).toEqual({ type: 'io.nats.micro.v1.ping_response', ...common });
    expect(await get(`INFO.${name()}.${instance.id}`)).toEqual(
      jasmine.objectContaining({ type: 'io.nats.micro.v1.info_response', ...common, description: 'doubles' }),
    );
    const { endpoints } = await get(`STATS.${name()}`);
    const [predict] = endpoints as readonly Record<string, unknown>[];
    expect(predict).toEqual(
      jasmine.objectContaining({
        name: 'predict',
        subject: `${name()}.predict`,
        queue_group: 'q',
        num_requests: 2,
        num_errors: 0,
      }),
    );
    expect(predict!.average_processing_time).toBeGreaterThan(0);
  });

  it('has metrics for Prometheus and OpenTelemetry', async () => {
    const instance = await serve(double);
    const registry = new prometheus.Registry();
    prometheusMetrics(prometheus, served, [registry]);
    await ask([1, 2, 3]);
    const text = await registry.metrics();
    const labels = `{service="${name()}",version="1.0.0",instance="${instance.id}"}`;
    expect(text).toContain(`rxtensor_serving_requests_total${labels} 3\n`);
    expect(text).toContain(`# TYPE rxtensor_serving_waiting gauge`);
    expect(text).toContain(`rxtensor_serving_healthy${labels} 1\n`);
    const observed = new Map<string, number>();
    const instrument = (
      of: string,
    ): ReturnType<Parameters<typeof openTelemetryMetrics>[0]['createObservableGauge']> => ({
      addCallback: (callback) =>
        callback({
          observe: (value, attributes) => {
            expect(attributes.instance).toBe(instance.id);
            observed.set(of, value);
          },
        }),
    });
    openTelemetryMetrics({ createObservableCounter: instrument, createObservableGauge: instrument }, served);
    expect(observed.get('rxtensor_serving_requests')).toBe(3);
    expect(observed.size).toBe(9);
    // The package's own meter, which does nothing until a program sets it up, has the form too.
    openTelemetryMetrics(metrics.getMeter('spec'), served);
  });

  it('wants what it is given', async () => {
    await expectAsync(serveModel(nats.connection, 'a b', double)).toBeRejectedWithError(
      "serveModel: argument 'serviceName' is 'a b'; wanted a name of letters, digits, - and _",
    );
    await expectAsync(serveModel(nats.connection, 'a', {} as never)).toBeRejectedWithError(
      /^serveModel: argument 'model' is an object; wanted a function of tensors/,
    );
    await expectAsync(serveModel(nats.connection, 'a', double, { version: 'two' })).toBeRejectedWithError(
      "serveModel: option 'version' is 'two'; wanted a version, as '1.0.0'",
    );
    await expectAsync(
      serveModel(nats.connection, 'a', double, { maxBach: 2 } as never),
    ).toBeRejectedWithError(/^serveModel: there is no option 'maxBach'; the nearest is 'maxBatch'/);
    expect(() => remoteModel(nats.connection, 'a', { timeout: 0 })).toThrowError(/option 'timeout' is 0/);
    expect(() => prometheusMetrics({} as never, [])).toThrowError(/wanted the package 'prom-client'/);
    expect(() => openTelemetryMetrics(null as never, [])).toThrowError(/wanted a meter/);
  });
});
