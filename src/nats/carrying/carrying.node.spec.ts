import { AckPolicy, jetstreamManager, RetentionPolicy, type JetStreamManager } from '@nats-io/jetstream';
import { TimeoutError } from '@nats-io/nats-core';
import { connect, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { Objm } from '@nats-io/obj';
import * as dl from 'rxtensor';
import { fromNats, toNats, type FromNatsOptions, type RefusedMessage } from 'rxtensor/nats';
import { firstValueFrom, map, of, retry, tap, toArray, type Observable } from 'rxjs';
import { startNatsServer } from '../../../scripts/nats-server';
import { natsOfSuite } from '../../../test/support/nats';
import { sleep } from '../training/signal';

/** Jasmine takes seconds to compare long arrays. */
const equal = (found: Float32Array | undefined, wanted: Float32Array): boolean =>
  found?.length === wanted.length && found.every((value, i) => value === wanted[i]);

describe('Emissions over NATS', () => {
  const nats = natsOfSuite({ connectionOf: 'spec', isPatient: true });
  let manager: JetStreamManager;
  let streams = 0;

  beforeEach(async () => {
    manager = await jetstreamManager(nats.connection);
  });

  /** A stream of its own for a spec; gives its subject. */
  async function subject(config: object = {}): Promise<string> {
    const name = `s${streams++}`;
    await manager.streams.add({ name, subjects: [`${name}.*`], ...config });
    return `${name}.values`;
  }

  const send = (to: string, values: readonly unknown[], options = {}): Promise<unknown> =>
    firstValueFrom(dl.examples(values as number[]).pipe(toNats(nats.connection, to, options), toArray()));

  const receive = <T>(from: string, count: number, options: FromNatsOptions = {}): Observable<T> =>
    fromNats<T>(nats.connection, from, { durable: 'd', count, ...options });

  const all = <T>(values: Observable<T>): Promise<T[]> => firstValueFrom(values.pipe(toArray()));

  it('come out as they went in, in order, and nothing leaks', async () => {
    const to = await subject();
    const sent = dl.examples([1, 2, 3]).pipe(
      dl.mapTensor((x) => ({ x: dl.fill([2], x), label: x })),
      toNats(nats.connection, to),
      map(({ label }) => label),
    );
    expect(await all(sent)).toEqual([1, 2, 3]);
    const found = receive<{ x: dl.Tensor; label: number }>(to, 3).pipe(
      map(({ x, label }) => [label, ...x.dataSync()]),
    );
    expect(await all(found)).toEqual([
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ]);
  });

  it('are acknowledged when they are finished, and at most inFlight are out', async () => {
    const to = await subject();
    await send(to, [1, 2, 3, 4, 5]);
    let open = 0;
    let most = 0;
    const found = receive<number>(to, 5, { inFlight: 2 }).pipe(
      dl.mapTensorAsync(
        async (x) => {
          most = Math.max(most, ++open);
          await sleep(30);
          const { num_ack_pending } = await manager.consumers.info(to.split('.')[0]!, 'd');
          expect(num_ack_pending).toBeLessThanOrEqual(2);
          open--;
          return x;
        },
        { concurrency: 2 },
      ),
    );
    expect(await all(found)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
    await nats.connection.flush();
    const { num_ack_pending, ack_floor } = await manager.consumers.info(to.split('.')[0]!, 'd');
    expect([num_ack_pending, ack_floor.stream_seq]).toEqual([0, 5]);
  });

  it('go to another at once when a subscriber leaves, and after ackWait when it dies', async () => {
    const to = await subject();
    await send(to, [7]);
    const unfinished = (from: NatsConnection): Promise<() => void> =>
      new Promise((resolve) => {
        const subscription = fromNats<number>(from, to, { durable: 'd', ackWait: 300 })
          .pipe(
            tap(() => {
              dl.waitUntil(new Promise(() => undefined));
              resolve(() => subscription.unsubscribe());
            }),
          )
          // Its connection may be closed.
          .subscribe({ error: () => undefined });
      });
    const leave = await unfinished(nats.connection);
    await sleep(500); // it gives signs of life, so that it keeps the message
    leave();
    const dying = await connect({ servers: nats.server.url });
    const start = performance.now();
    const left = await unfinished(dying);
    expect(performance.now() - start).toBeLessThan(1500);
    await dying.close();
    left();
    expect(await all(receive<number>(to, 1, { ackWait: 300 }))).toEqual([7]);
  });

  it('are given up with the reason after some tries, and the others go on', async () => {
    const to = await subject();
    await manager.streams.add({ name: `${to.split('.')[0]!}dead`, subjects: ['poison.dead'] });
    await send(to, [1, -1, 2]);
    const refused: RefusedMessage[] = [];
    const seen: number[] = [];
    const run = fromNats<number>(nats.connection, to, {
      durable: 'poison',
      tries: 2,
      inFlight: 1,
      onRefused: (each) => refused.push(each),
    }).pipe(
      dl.mapTensor((x) => {
        if (x < 0) throw new Error('it has no root');
        seen.push(x);
        return x;
      }),
      retry(),
    );
    const subscription = run.subscribe();
    while (refused.length === 0 || seen.length < 2) await sleep(20);
    subscription.unsubscribe();
    expect(seen.sort()).toEqual([1, 2]);
    expect(refused).toEqual([{ subject: to, reason: 'delivered 2 times: it has no root', count: 1 }]);
    const letter = await manager.streams.getMessage(`${to.split('.')[0]!}dead`, { seq: 1 });
    expect(letter?.header.get('Rxtensor-Reason')).toBe('delivered 2 times: it has no root');
    expect(letter?.header.get('Rxtensor-Subject')).toBe(to);
  });

  it('that cannot be read are given up at once', async () => {
    const to = await subject();
    const { publish } = manager.jetstream();
    await publish.call(manager.jetstream(), to, 'hello');
    await send(to, [1]);
    const refused: RefusedMessage[] = [];
    expect(await all(receive<number>(to, 1, { onRefused: (each) => refused.push(each) }))).toEqual([1]);
    expect(refused.map(({ reason }) => reason)).toEqual([
      `fromNats: a message on '${to}' holds no emission: it begins with 'hello'; wanted 'emission'`,
    ]);
  });

  it('come again when a promise given to waitUntil is rejected', async () => {
    const to = await subject();
    await send(to, [1]);
    let tries = 0;
    const found = receive<number>(to, 1).pipe(
      tap(() => {
        const saving = tries++ === 0 ? Promise.reject(new Error('the disk is full')) : Promise.resolve();
        saving.catch(() => undefined);
        dl.waitUntil(saving);
      }),
    );
    expect(await all(found)).toEqual([1, 1]);
  });

  it('may be larger than a message', async () => {
    for (const retention of [RetentionPolicy.Limits, RetentionPolicy.Workqueue]) {
      const to = await subject({ retention });
      const values = Float32Array.from({ length: 600_000 }, (_, i) => i);
      await send(to, [values]);
      const [found] = await all(receive<Float32Array>(to, 1));
      expect(equal(found, values)).toBeTrue();
      const bucket = await new Objm(nats.connection).open(`${to.split('.')[0]!}_large`);
      const objects = async (): Promise<number> => (await bucket.list()).length;
      const wanted = retention === RetentionPolicy.Workqueue ? 0 : 1;
      for (let turn = 0; turn < 500 && (await objects()) !== wanted; turn++) await sleep(20);
      expect(await objects()).toBe(wanted);
    }
    const refused: RefusedMessage[] = [];
    const to = await subject();
    await send(to, [new Float32Array(600_000), new Float32Array(100_000), 5]);
    const small = receive<number>(to, 1, { mostBytes: 1000, onRefused: (each) => refused.push(each) });
    expect(await all(small)).toEqual([5]);
    expect(refused.map(({ reason }) => reason.replace(/\d{6,}/, 'N'))).toEqual([
      `fromNats: a message on '${to}' has N bytes; wanted at most 1000, the option 'mostBytes'`,
      `fromNats: a message on '${to}' has N bytes; wanted at most 1000, the option 'mostBytes'`,
    ]);
  });

  it('that are large can be read as dead letters', async () => {
    const values = Float32Array.from({ length: 600_000 }, (_, i) => i);
    for (const retention of [RetentionPolicy.Limits, RetentionPolicy.Workqueue]) {
      const to = await subject({ retention });
      const stream = to.split('.')[0]!;
      await manager.streams.add({ name: `${stream}dead`, subjects: [`${stream}.dead.large`] });
      await send(to, [values]);
      const refused: RefusedMessage[] = [];
      const failing = receive<Float32Array>(to, 1, {
        tries: 1,
        deadLetters: `${stream}.dead.large`,
        onRefused: (each) => refused.push(each),
      }).pipe(
        dl.mapTensor((): number => {
          throw new Error('the model has failed');
        }),
        retry(),
      );
      const subscription = failing.subscribe();
      for (let turn = 0; turn < 500 && refused.length === 0; turn++) await sleep(20);
      subscription.unsubscribe();
      expect(refused.map(({ reason }) => reason)).toEqual(['delivered 1 times: the model has failed']);
      const [found] = await all(receive<Float32Array>(`${stream}.dead.large`, 1, { durable: 'reader' }));
      expect(equal(found, values)).toBeTrue();
      const objects = await (await new Objm(nats.connection).open(`${stream}_large`)).list();
      expect(objects).toHaveSize(retention === RetentionPolicy.Workqueue ? 0 : 1);
    }
  });

  it('that are large are left for another try when the server does not answer', async () => {
    const to = await subject();
    const values = Float32Array.from({ length: 600_000 }, (_, i) => i);
    await send(to, [values]);
    const refused: RefusedMessage[] = [];
    let silences = 6;
    const silent: NatsConnection = Object.create(nats.connection, {
      request: {
        value: (to: string, ...rest: [Uint8Array]) =>
          to.includes('OBJ_') && silences-- > 0
            ? Promise.reject(new TimeoutError())
            : nats.connection.request(to, ...rest),
      },
    }) as NatsConnection;
    const [found] = await all(
      fromNats<Float32Array>(silent, to, { durable: 'd', count: 1, onRefused: (each) => refused.push(each) }),
    );
    expect(equal(found, values)).toBeTrue();
    expect(refused).toEqual([]);
    expect(silences).toBeLessThan(0);
  });

  it('that have lost their bytes are given up at once', async () => {
    const to = await subject();
    const bucket = `${to.split('.')[0]!}_large`;
    await send(to, [new Float32Array(600_000), new Float32Array(600_000), 5]);
    const objects = await new Objm(nats.connection).open(bucket);
    const [first, second] = await objects.list();
    await manager.streams.purge(`OBJ_${bucket}`, { filter: `$O.${bucket}.C.${first!.nuid}` });
    await objects.delete(second!.name);
    const refused: RefusedMessage[] = [];
    expect(await all(receive<number>(to, 1, { onRefused: (each) => refused.push(each) }))).toEqual([5]);
    expect(refused.map(({ reason }) => reason)).toEqual([
      `fromNats: a message on '${to}' is damaged: 0 of its 19 chunks are there`,
      `fromNats: a message on '${to}' names the object '${second!.name}', which is not in the bucket '${bucket}'`,
    ]);
  });

  it('are stored once for each id', async () => {
    const to = await subject();
    await send(to, [1, 2, 1, 2, 3], { id: (value: number) => `value ${value}` });
    expect(await all(receive<number>(to, 3))).toEqual([1, 2, 3]);
  });

  it('come from a consumer with the settings that are given, or from none', async () => {
    const stream = (await subject()).split('.')[0]!;
    const first: number[] = [];
    const subscription = fromNats<number>(nats.connection, `${stream}.x`, {
      durable: 'same',
      ackWait: 5000,
    }).subscribe((x) => first.push(x));
    await send(`${stream}.x`, [1]);
    while (first.length < 1) await sleep(5);
    const another = (from: string, options: FromNatsOptions): Promise<unknown> =>
      all(receive(from, 1, { durable: 'same', ...options }));
    await expectAsync(another(`${stream}.y`, { ackWait: 300 })).toBeRejectedWithError(
      `fromNats: the consumer 'same' of the stream '${stream}' exists with other settings: the subject is '${stream}.x', and here '${stream}.y'; ` +
        `'ackWait' is 5000, and here 300; wanted the same ones, another 'durable', or jetstreamManager(connection).consumers.delete('${stream}', 'same') before`,
    );
    await expectAsync(another(`${stream}.x`, {})).toBeRejectedWithError(
      /settings: 'ackWait' is 5000, and here 30000; wanted/,
    );
    const { config } = await manager.consumers.info(stream, 'same');
    expect([config.filter_subject, config.ack_wait]).toEqual([`${stream}.x`, 5e9]);
    await send(`${stream}.x`, [2]);
    while (first.length < 2) await sleep(5);
    expect(first).toEqual([1, 2]);
    subscription.unsubscribe();

    // A subject that is all of the stream, twice; and a consumer of another program.
    for (const value of [1, 2])
      expect(await all(receive(`${stream}.*`, 1, { durable: 'whole' }))).toEqual([value]);
    await manager.consumers.add(stream, {
      durable_name: 'foreign',
      ack_policy: AckPolicy.All,
      max_deliver: 3,
    });
    await expectAsync(all(receive(`${stream}.x`, 1, { durable: 'foreign' }))).toBeRejectedWithError(
      new RegExp(
        `settings: the subject is '${stream}\\.\\*', and here '${stream}\\.x'; ack_policy is 'all', and here 'explicit'; max_deliver is 3, and here -1`,
      ),
    );
  });

  it('survive a restart of the server', async () => {
    const to = await subject();
    const found: number[] = [];
    const subscription = fromNats<number>(nats.connection, to, { durable: 'd', ackWait: 500 })
      .pipe(tap((x) => found.push(x)))
      .subscribe({ error: fail });
    await send(to, [1]);
    await nats.server.kill();
    await nats.server.start();
    await send(to, [2, 3], { timeout: 1000 });
    for (let turn = 0; turn < 500 && !found.includes(3); turn++) await sleep(20);
    expect([...new Set(found)]).toEqual([1, 2, 3]);
    subscription.unsubscribe();
  });

  it('reach one member of a group without a stream, and every listener without a group', async () => {
    const members: number[][] = [[], [], []];
    const options = [{ queue: 'g' }, { queue: 'g' }, {}];
    const subscriptions = members.map((found, i) =>
      fromNats<number>(nats.connection, 'core.*', { buffer: 100, ...options[i] }).subscribe((x) =>
        found.push(x),
      ),
    );
    await nats.connection.flush();
    const values = Array.from({ length: 20 }, (_, i) => i);
    await send('core.x', values, { acknowledged: false });
    for (let turn = 0; turn < 100 && members[2]!.length < 20; turn++) await sleep(10);
    expect([...members[0]!, ...members[1]!].sort((a, b) => a - b)).toEqual(values);
    expect(members[2]).toEqual(values);
    for (const each of subscriptions) each.unsubscribe();
  });

  it('travel in parts without a stream', async () => {
    const values = Float32Array.from({ length: 900_000 }, (_, i) => i);
    const found = all(fromNats<Float32Array>(nats.connection, 'core.large', { count: 1 }));
    await nats.connection.flush();
    await send('core.large', [values], { acknowledged: false });
    expect(equal((await found)[0], values)).toBeTrue();
  });

  it('are dropped without a stream where too many wait', async () => {
    let dropped = 0;
    const found: number[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const listening = fromNats<number>(nats.connection, 'core.many', {
      buffer: 2,
      inFlight: 1,
      onDrop: (count) => (dropped = count),
    })
      .pipe(
        tap((x) => {
          found.push(x);
          dl.waitUntil(held);
        }),
      )
      .subscribe();
    await nats.connection.flush();
    await send('core.many', [0], { acknowledged: false });
    while (found.length === 0) await sleep(5);
    await send('core.many', [1, 2, 3, 4, 5], { acknowledged: false });
    for (let turn = 0; turn < 100 && dropped < 2; turn++) await sleep(5);
    release();
    for (let turn = 0; turn < 100 && found.length < 3; turn++) await sleep(5);
    expect(found.length + dropped).toBe(6);
    expect(dropped).toBeGreaterThanOrEqual(2);
    listening.unsubscribe();
  });

  const message = async (stream: Observable<unknown>): Promise<string> => {
    try {
      await all(stream);
      return 'no error';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('say what is wrong with a server without JetStream, and a connection that is closed', async () => {
    const without = await startNatsServer({ jetStream: false });
    const elsewhere = await connect({ servers: without.url });
    expect(await message(fromNats(elsewhere, 'a', { durable: 'd' }))).toMatch(
      /^fromNats: the server has no JetStream for this user \(.*\); wanted a server that was started with it, as 'nats-server -js', or no option 'durable'/,
    );
    expect(await message(of(new Float32Array(600_000)).pipe(toNats(elsewhere, 'a')))).toMatch(
      /^toNats: the server has no JetStream .*, or the option 'acknowledged: false'$/,
    );
    await elsewhere.close();
    await without.stop();
    const closed = / the connection to NATS is closed; wanted an open one/;
    expect(await message(fromNats(elsewhere, 'a', { durable: 'd' }))).toMatch(closed);
    expect(await message(fromNats(elsewhere, 'a'))).toMatch(closed);
    for (const acknowledged of [true, false])
      expect(await message(of(1).pipe(toNats(elsewhere, 'a', { acknowledged })))).toMatch(closed);
  });

  it('have ids that are texts of one line', async () => {
    const to = await subject();
    for (const [id, found] of [
      [undefined, 'undefined'],
      [5, '5'],
      ['', "''"],
      ['a\r\nb', '.*'],
    ] as const)
      expect(await message(of(1).pipe(toNats(nats.connection, to, { id: () => id as string })))).toMatch(
        new RegExp(
          `^toNats: option 'id' gave ${found}; wanted a text that is not empty, without line breaks$`,
          's',
        ),
      );
    expect((await manager.streams.info(to.split('.')[0]!)).state.messages).toBe(0);
  });

  it('that are large and that nobody asks for are held up to a bound', async () => {
    const subscriptions: Subscription[] = [];
    const sender = Object.create(nats.connection, {
      subscribe: {
        value: (...[to, options]: Parameters<NatsConnection['subscribe']>) => {
          const made = nats.connection.subscribe(to, options);
          subscriptions.push(made);
          return made;
        },
      },
    }) as NatsConnection;
    const values = new Float32Array(5_000_000);
    for (let i = 0; i < 8; i++)
      await all(of(values).pipe(toNats(sender, 'core.nobody', { acknowledged: false })));
    // At most 128 MB, of 20 MB each: the newest.
    expect(subscriptions.map((each) => each.isClosed())).toEqual(Array.from({ length: 8 }, (_, i) => i < 2));
    const listening = all(fromNats<Float32Array>(nats.connection, 'core.nobody', { count: 1 }));
    await nats.connection.flush();
    await all(of(values).pipe(toNats(sender, 'core.nobody', { acknowledged: false })));
    expect((await listening)[0]?.length).toBe(values.length);
    for (const each of subscriptions) each.unsubscribe();
  });

  it('that are not finished when the connection is closed come again elsewhere', async () => {
    const to = await subject();
    await send(to, [7]);
    const own = await connect({ servers: nats.server.url });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const ended = message(
      fromNats<number>(own, to, { durable: 'd', ackWait: 300 }).pipe(
        tap(() => {
          dl.waitUntil(held);
        }),
      ),
    );
    while ((await manager.consumers.info(to.split('.')[0]!, 'd').catch(() => null))?.num_ack_pending !== 1)
      await sleep(10);
    await own.close();
    // A sign of life would be due now.
    await sleep(150);
    release();
    expect(await ended).toMatch(/^fromNats: the connection to NATS is closed/);
    expect(
      await all(fromNats<number>(nats.connection, to, { durable: 'd', ackWait: 300, count: 1 })),
    ).toEqual([7]);
  });

  it('can be left when the connection is closed', async () => {
    const to = await subject();
    await send(to, [7]);
    const own = await connect({ servers: nats.server.url });
    let seen = 0;
    const subscription = fromNats<number>(own, to, { durable: 'd' })
      .pipe(tap(() => dl.waitUntil(new Promise(() => undefined))))
      .subscribe(() => seen++);
    while (seen === 0) await sleep(10);
    await own.close();
    subscription.unsubscribe();
    await sleep(20);
  });

  it('end with errors that say what is wanted', async () => {
    expect(await message(fromNats(nats.connection, 'nobody.takes.this', { durable: 'd' }))).toMatch(
      /^fromNats: there is no stream that takes the subject 'nobody\.takes\.this' .*; wanted one, as jetstreamManager/,
    );
    expect(await message(of(1).pipe(toNats(nats.connection, 'nobody.takes.this')))).toMatch(
      /^toNats: no stream has acknowledged a message on 'nobody\.takes\.this' .*'acknowledged: false'$/,
    );
    expect(await message(of(new Map()).pipe(toNats(nats.connection, 'x', { acknowledged: false })))).toMatch(
      /^toNats: 'value' is a Map; wanted tensors/,
    );
    expect(() => fromNats(nats.connection, 'a b')).toThrowError(
      /^fromNats: argument 'subject' is 'a b'; wanted a subject/,
    );
    expect(() => toNats(nats.connection, 'a.*')).toThrowError(/wanted a subject of NATS.*without wildcards$/);
    expect(() => fromNats({} as NatsConnection, 'a')).toThrowError(
      /^fromNats: argument 'connection' is an object; wanted a connection/,
    );
    expect(() => fromNats(nats.connection, 'a', { tries: 3 })).toThrowError(
      "fromNats: option 'tries' is given without 'durable'; wanted it with",
    );
    expect(() => fromNats(nats.connection, 'a', { durable: 'd', queue: 'q' })).toThrowError(
      /'queue' is given with 'durable'/,
    );
    expect(() => fromNats(nats.connection, 'frames.*', { durable: 'frames' })).toThrowError(
      "fromNats: option 'deadLetters' is by default 'frames.dead', which the subject 'frames.*' takes too, so that what is given up would come again; " +
        "wanted another subject, as 'dead.frames'",
    );
    for (const [from, deadLetters, cure] of [
      ['a.>', 'a.b.c', "another subject, as 'dead.d'"],
      ['*.*', 'a.b', "another subject, as 'd-dead'"],
      ['a', 'a', "another subject, as 'dead.d'"],
      ['>', 'a', "a narrower 'subject', as 'frames.>'"],
    ] as const)
      expect(() => fromNats(nats.connection, from, { durable: 'd', deadLetters })).toThrowError(
        new RegExp(`'deadLetters' is '${deadLetters}', which .*; wanted ${cure}$`),
      );
    for (const [from, deadLetters] of [
      ['a.>', 'a'],
      ['a.*', 'a.b.c'],
      ['a.*.c', 'a.b.d'],
    ] as const)
      expect(() => fromNats(nats.connection, from, { durable: 'd', deadLetters })).not.toThrow();
    expect(() => fromNats(nats.connection, 'a', { durable: 'a.b' })).toThrowError(
      /'durable' is 'a\.b'; wanted a name/,
    );
  });
});
