import type { Socket } from 'node:net';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNatsServer, type NatsServer } from '../../../scripts/nats-server';
import { bucketIn } from '../objects';
import { usualPatience, type Patience } from './patience';
import { TOY_LENGTH, toyMember, type Toy, type ToyOptions } from '../../../test/support/toy-member';
import { viewStore } from './view';

const QUICK: Patience = { ...usualPatience, silence: 60, answer: 100, hang: 20_000, reconnect: 500 };

describe('Members of a run', () => {
  let server: NatsServer;
  let connections: NatsConnection[] = [];
  let toys: Toy[] = [];
  let runs = 0;
  let run = '';

  beforeAll(async () => {
    server = await startNatsServer({ config: 'max_payload: 1KB' });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    run = `toys-${runs++}`;
  });
  afterEach(async () => {
    await Promise.all(toys.map(({ membership }) => membership.close()));
    await Promise.all(connections.map((each) => each.close()));
    [toys, connections] = [[], []];
  });

  const connection = async (): Promise<NatsConnection> => {
    const made = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    connections.push(made);
    return made;
  };

  async function toy(
    name: string,
    size: number,
    options: Partial<Pick<ToyOptions, 'text' | 'arithmetic' | 'error' | 'handover' | 'patience'>> = {},
  ): Promise<Toy> {
    const made = toyMember({
      ...{ connection: await connection(), run, name, size, patience: QUICK },
      ...options,
    });
    toys.push(made);
    return made;
  }

  const allToys = (names: readonly string[], size = names.length): Promise<Toy[]> =>
    Promise.all(names.map((name) => toy(name, size)));

  it('take the mean of all, in buckets smaller than a message may be, and leave when all are through', async () => {
    const three = await allToys(['a', 'b', 'c']);
    await Promise.all(three.map((each) => each.run(5).then(() => each.membership.finish())));
    // The mean of step + rank, summed over five steps.
    for (const each of three) expect(each.value()).toBe(0 + 1 + 2 + 3 + 4 + 5);
    const [{ sent, received, refused }] = three.map(({ membership }) => membership.traffic) as [
      Toy['membership']['traffic'],
    ];
    expect(refused).toBe(0);
    // Parts for two owners, and one sum; and two sums and two parts from the others.
    expect(sent / (5 * 4 * TOY_LENGTH)).toBeLessThan(1.2);
    expect(received / (5 * 4 * TOY_LENGTH)).toBeLessThan((4 / 3) * 1.2);
  });

  it('go on without one whose connection is gone, and take the step again', async () => {
    const four = await allToys(['a', 'b', 'c', 'd']);
    await Promise.all(four.map((each) => each.run(3)));
    await four[3]!.connection.close();
    const rest = four.slice(0, 3);
    const began = performance.now();
    await Promise.all(rest.map((each) => each.run(6)));
    expect(performance.now() - began).toBeLessThan(10_000);
    const values = rest.map((each) => each.value());
    expect(new Set(values).size).toBe(1);
    expect(rest[0]!.membership.members.map(({ name }) => name).length).toBe(3);
  });

  it('know at once that a process is gone, while one that hangs is waited for', async () => {
    const [a, b] = (await allToys(['a', 'b'])) as [Toy, Toy];
    await Promise.all([a, b].map((each) => each.run(2)));
    await b.connection.close();
    const began = performance.now();
    await a.run(3);
    expect(performance.now() - began).toBeLessThan(QUICK.hang);
  });

  it('take in one that joins later, which has the state of the others then', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(4)));
    const late = await toy('c', 2);
    const joining = late.run(8);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await Promise.all([joining, ...two.map((each) => each.run(8))]);
    expect(late.value()).toBe(two[0]!.value());
    expect(two[1]!.value()).toBe(two[0]!.value());
    expect([...late.states.keys()]).toEqual([4, 5, 6, 7]);
  });

  it('refuse and count what strangers send, and go on', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(2)));
    const stranger = await connection();
    for (const subject of ['part.a.x', 'sum.all.x', 'ask.a.x', 'part.a.b', 'sum.all.b'])
      stranger.publish(`rx.${run}.${subject}`, Uint8Array.of(1, 2, 3));
    await stranger.flush();
    await Promise.all(two.map((each) => each.run(4)));
    expect(two[0]!.membership.traffic.refused).toBe(5);
    expect(two[0]!.membership.traffic.lastRefusal).toContain('bytes');
    expect(two[0]!.value()).toBe(two[1]!.value());
  });

  it('go on without one that cannot have the state, since the server has no room for it, and which says so', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(2)));
    const streams = (await jetstreamManager(two[0]!.connection)).streams;
    const { config } = await streams.info(`OBJ_rxtensor_${run}`);
    await streams.update(config.name, { ...config, max_bytes: 10 });
    const late = await toy('c', 2);
    const end = late.run(8).then(String, String);
    const { read } = await viewStore(await connection(), `rxtensor_${run}`);
    while ((await read())?.view.members.length !== 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([
      ...two.map((each) => each.run(8)),
      end.then(() => late.membership.close()),
      expectAsync(end).toBeResolvedTo(
        jasmine.stringMatching(
          /'[ab]' cannot hand over its state: .*maximum bytes exceeded; wanted room for a snapshot/,
        ),
      ),
    ]);
    expect(two[0]!.value()).toBe(two[1]!.value());
    expect(two[0]!.membership.members.length).toBe(2);
  });

  it('wait where the server has no room for their view, and say so when it has none for long', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(2)));
    const { streams } = await jetstreamManager(two[0]!.connection);
    const bucket = `KV_rxtensor_${run}`;
    const { config, state } = await streams.info(bucket);
    // What is there stays. The view of one more member is larger than one of two.
    const long = (name: string): Promise<Toy> => toy(name.repeat(60), 2);
    await streams.update(bucket, { ...config, max_bytes: state.bytes });
    await expectAsync((await long('c')).run(6)).toBeRejectedWithError(
      /dataParallel: the server refuses the stores of run '.*': maximum bytes exceeded; wanted room for a view of its members/,
    );

    const patient = await long('d');
    const joining = patient.run(6);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { read } = await viewStore(await connection(), `rxtensor_${run}`);
    expect((await read())?.view.members.length).toBe(2);
    await streams.update(bucket, config);
    while ((await read())?.view.members.length !== 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([joining, ...two.map((each) => each.run(6))]);
    expect(patient.value()).toBe(two[0]!.value());
  });

  it('do not let in one that trains otherwise, and say what differs', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(1)));
    const other = await toy('c', 2, { text: 'other toys' });
    await expectAsync(other.run(2)).toBeRejectedWithError(
      /cannot be joined.*'other toys' here, 'toys' in the run/,
    );
  });

  it('go on when the server was killed and is back', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(2)));
    await server.kill();
    const going = Promise.all(two.map((each) => each.run(6)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await server.start();
    await going;
    expect(two[0]!.value()).toBe(two[1]!.value());
    expect(two[0]!.membership.members.length).toBe(2);
    // No step was taken twice, nor by one alone: the mean of ranks 0 and 1.
    expect(two[0]!.value()).toBe(0 + 1 + 2 + 3 + 4 + 5 + 6 * 0.5);
  });

  it('see, when they have connected again, that another has begun the run anew meanwhile', async () => {
    const begun = Date.now();
    let delay = 0;
    const options = { maxReconnectAttempts: -1, reconnectDelayHandler: () => delay };
    const own = await connect({ servers: server.url, ...options });
    connections.push(own);
    const lone = toyMember({ connection: own, run, name: 'b', size: 1, patience: usualPatience });
    toys.push(lone);
    const slowly = async ({ membership }: Toy): Promise<void> => {
      for (let { step } = membership; step < 200; step++) {
        let mean: Float32Array | null = null;
        while (!mean && (await membership.ready(step)) === 'go')
          mean = await membership.average(new Float32Array(TOY_LENGTH), 1);
        if (!mean) continue;
        membership.advance();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await lone.run(1);
    const going = slowly(lone);
    // The client adds it to the time of its last try.
    delay = Date.now() - begun + 2000;
    socketOf(lone).destroy();
    const other = await toy('a', 1);
    await other.run(1);
    expect(other.membership.members.length).toBe(1);
    await Promise.all([going, slowly(other)]);
    for (const { membership } of [lone, other]) expect(membership.members.length).toBe(2);
  });

  it('say that the connection was closed when the client has given up a server that is gone', async () => {
    const own = await startNatsServer();
    const two = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const made = await connect({ servers: own.url, maxReconnectAttempts: 2, reconnectTimeWait: 20 });
        connections.push(made);
        return toyMember({ connection: made, run, name, size: 2, patience: QUICK });
      }),
    );
    toys.push(...two);
    await Promise.all(two.map((each) => each.run(2)));
    const [a] = two as [Toy, Toy];
    const waiting = a.run(3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await own.stop();
    await expectAsync(waiting).toBeRejectedWithError(/closed/);
  });

  it('do not let in a second one of the same name', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(1)));
    const other = await toy('a', 2);
    await expectAsync(other.run(2)).toBeRejectedWithError(/option 'name' is 'a', the name of another member/);
  });

  it('let a run of the same name begin anew when all have left', async () => {
    const first = await allToys(['a', 'b']);
    await Promise.all(first.map((each) => each.run(3).then(() => each.membership.finish())));
    const second = await allToys(['c', 'd']);
    await Promise.all(second.map((each) => each.run(3)));
    expect(second[0]!.value()).toBe(first[0]!.value());
  });

  it('say that the state is lost when all who had it are gone; a run of the same name begins anew then', async () => {
    let held = Promise.resolve();
    const handover = (): Promise<void> => held;
    const two = [await toy('a', 2, { handover }), await toy('b', 2, { handover })];
    await Promise.all(two.map((each) => each.run(3)));
    held = new Promise<void>(() => undefined);
    const late = [await toy('c', 2), await toy('d', 2)];
    const ends = late.map(async (each) => {
      const end = await each.run(8).then(String, String);
      await each.membership.close();
      return end;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const each of two) each.run(8).catch(() => undefined);
    while (two[0]!.membership.members.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const each of two) await each.connection.close();
    for (const end of await Promise.all(ends))
      expect(end).toMatch(/all members of run 'toys-\d+' that had its state are gone.*from a checkpoint/);
    const again = await allToys(['e', 'f']);
    await Promise.all(again.map((each) => each.run(3)));
    expect(again[0]!.value()).toBe(0 + 1 + 2 + 3 * 0.5);
  });

  /** Its messages wait in the socket until `resume`, as when a process is stopped. */
  const socketOf = ({ connection: each }: Toy): Socket =>
    (each as unknown as { protocol: { transport: { socket: Socket } } }).protocol.transport.socket;

  /** Two, of which the second was left out after 3 steps while it slept, and the first has taken 30. The second is awake again. */
  async function oneThatSlept(): Promise<readonly [Toy, Toy]> {
    const patience = { ...QUICK, hang: 300 };
    const [awake, asleep] = [await toy('a', 2, { patience }), await toy('b', 2, { patience })];
    await Promise.all([awake, asleep].map((each) => each.run(3)));
    socketOf(asleep).pause();
    await awake.run(30);
    expect(awake.membership.members.length).toBe(1);
    socketOf(asleep).resume();
    return [awake, asleep];
  }

  it('apply nothing when they have slept before an exchange, and were left out', async () => {
    const patience = { ...QUICK, hang: 300 };
    const [awake, asleep] = [await toy('a', 2, { patience }), await toy('b', 2, { patience })];
    await Promise.all([awake, asleep].map((each) => each.run(3)));
    expect(await asleep.membership.ready(3)).toBe('go');
    socketOf(asleep).pause();
    await awake.run(30);
    socketOf(asleep).resume();
    // The other's part of this step came before it was left out.
    expect(await asleep.membership.average(new Float32Array(TOY_LENGTH), 1)).toBeNull();
  });

  it('say that the state is lost when one that was left out skips towards the others, and they are gone', async () => {
    const [awake, asleep] = await oneThatSlept();
    const value = asleep.value();
    while ((await asleep.membership.ready(3)) === 'go')
      await asleep.membership.average(new Float32Array(1), 1);
    await awake.connection.close();
    await expectAsync(asleep.run(40)).toBeRejectedWithError(
      /all members of run 'toys-\d+' that had its state are gone, and this one has that of step 3 at the batch of step 30; wanted.*checkpoint/,
    );
    expect(asleep.value()).toBe(value);
  });

  it('end with the state of those that have finished when they slept meanwhile', async () => {
    const [awake, asleep] = await oneThatSlept();
    await awake.membership.finish();
    await asleep.run(30);
    await asleep.membership.catchUp();
    expect(asleep.membership.step).toBe(30);
    expect(asleep.value()).toBe(awake.value());
    await asleep.membership.finish();
  });

  it('go on from the state of those that have finished when they slept meanwhile, and have more batches', async () => {
    const [awake, asleep] = await oneThatSlept();
    await awake.membership.finish();
    await asleep.run(32);
    // Alone it has rank 0.
    expect(asleep.value()).toBe(awake.value() + 30 + 31);
    // That was not the end, so its state is kept no more; that of the new end is.
    const { store } = await bucketIn(await connection(), `rxtensor_${run}`)();
    const ends = async (): Promise<string[]> =>
      (await store.list()).map(({ name }) => name).filter((name) => name.endsWith('-end'));
    expect(await ends()).toEqual([]);
    await asleep.membership.finish();
    expect(await ends()).toEqual([jasmine.stringMatching(/^b-\d+-end$/)]);
  });

  it('keep nothing when they have finished and nobody was left out', async () => {
    const two = await allToys(['a', 'b']);
    await Promise.all(two.map((each) => each.run(3).then(() => each.membership.finish())));
    const { store } = await bucketIn(await connection(), `rxtensor_${run}`)();
    expect(await store.list()).toEqual([]);
  });

  it('say that the run has finished without one that slept when what was kept is there no more', async () => {
    const [awake, asleep] = await oneThatSlept();
    const value = asleep.value();
    await awake.membership.finish();
    const { store } = await bucketIn(await connection(), `rxtensor_${run}`)();
    for (const { name } of await store.list()) await store.delete(name);
    await expectAsync(asleep.run(40)).toBeRejectedWithError(
      /that had its state are gone, and they finished at step 30, and what they kept is there no more; wanted.*checkpoint/,
    );
    expect(asleep.value()).toBe(value);
  });

  it('go on with the state of one that slept when the others were killed', async () => {
    const [awake, asleep] = await oneThatSlept();
    const value = asleep.value();
    await awake.connection.close();
    await asleep.run(5);
    // Alone it has rank 0.
    expect(asleep.value()).toBe(value + 3 + 4);
  });

  it('have nothing to come back with when they were left out before they had the state', async () => {
    let held = Promise.resolve();
    const patience = { ...QUICK, hang: 300, useless: 2000 };
    const first = await toy('a', 1, { patience, handover: () => held });
    await first.run(3);
    held = new Promise<void>(() => undefined);
    const late = [await toy('c', 1, { patience }), await toy('d', 1, { patience })];
    const ends = late.map((each) =>
      each
        .run(8)
        .then(String, String)
        .finally(() => each.membership.close()),
    );
    const names = (): string[] => first.membership.members.map(({ name }) => name);
    const until = async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    while (names().length < 3) {
      await first.membership.ready(3);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const going = first.run(4).catch(() => undefined);
    socketOf(late[0]!).pause();
    await until(() => !names().includes('c'));
    socketOf(late[0]!).resume();
    await until(() => names().includes('c'));
    await first.connection.close();
    for (const end of await Promise.all(ends))
      expect(end).toMatch(/all members of run 'toys-\d+' that had its state are gone/);
    await first.membership.close();
    await going;
  });

  it('take over the state when one slept through the last steps, and others are still there', async () => {
    const [awake, asleep] = await oneThatSlept();
    await asleep.run(10);
    const ending = asleep.membership.catchUp().then(() => asleep.membership.finish());
    await Promise.all([ending, awake.membership.finish()]);
    expect(asleep.value()).toBe(awake.value());
    expect(asleep.membership.step).toBe(awake.membership.step);
  });

  it('end with the state that was kept when one slept through the last steps, and a newcomer skipped all', async () => {
    const [awake, asleep] = await oneThatSlept();
    const late = await toy('c', 2);
    await Promise.all([asleep, late].map((each) => each.run(10)));
    await awake.membership.finish();
    for (const { membership, value } of [asleep, late]) {
      await membership.catchUp();
      expect(membership.step).toBe(30);
      expect(value()).toBe(awake.value());
    }
  });

  it('say that the state is lost when one slept through the last steps, and a newcomer skipped all, and the others were killed', async () => {
    const [awake, asleep] = await oneThatSlept();
    const late = await toy('c', 2);
    await Promise.all([asleep, late].map((each) => each.run(10)));
    await awake.connection.close();
    for (const { membership } of [asleep, late])
      await expectAsync(membership.catchUp()).toBeRejectedWithError(
        new RegExp(
          `all members of run '${run}' .*, and this one has that of step ${membership.step} at the end of its batches, step 10; wanted`,
        ),
      );
  });

  it('wait for one that has joined at their last step, and does not have the state yet', async () => {
    const handover = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));
    const first = await toy('a', 1, { handover });
    await first.run(5);
    const late = await toy('b', 1);
    late.membership.startAt(5);
    const joining = late.run(7);
    const { read } = await viewStore(await connection(), `rxtensor_${run}`);
    while ((await read())?.view.members.length !== 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first.membership.finish(), joining]);
    expect(late.value()).toBe(first.value() + 5 + 6);
  });

  it('have left when a second close has resolved, too', async () => {
    const { membership } = await toy('a', 1);
    await membership.ready(0);
    const { read } = await viewStore(await connection(), `rxtensor_${run}`);
    const first = membership.close();
    await membership.close();
    expect((await read())?.view.members).toEqual([]);
    await first;
  });

  it('keep nothing of a connection that goes on when they have left', async () => {
    const shared = await connection();
    const listeners = (): number =>
      (shared as unknown as { protocol: { listeners: readonly unknown[] } }).protocol.listeners.length;
    const before = listeners();
    for (let i = 0; i < 3; i++) {
      const { membership } = toyMember({ connection: shared, run, name: 'a', size: 1, patience: QUICK });
      await membership.ready(0);
      await membership.close();
    }
    expect(listeners()).toBe(before);
  });

  it('do not leave out the last that has the state while it hangs', async () => {
    const patience = { ...QUICK, hang: 300 };
    const first = await toy('a', 1, { patience });
    await first.run(3);
    const late = await toy('b', 1, { patience });
    const joining = late.run(6);
    while (first.membership.members.length < 2) {
      await first.membership.ready(3).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    socketOf(first).pause();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    socketOf(first).resume();
    await Promise.all([joining, first.run(6)]);
    expect(late.value()).toBe(first.value());
    expect(late.membership.members.length).toBe(2);
    expect([...late.states.keys()]).toEqual([3, 4, 5]);
  });

  it('take over the state of the first where they compute otherwise, and only there', async () => {
    const first = await toy('a', 3);
    const alike = await toy('b', 3, { error: 0.25 });
    const other = await toy('c', 3, { error: 0.25, arithmetic: 'rounded' });
    const starting = first.run(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([starting, alike.run(1), other.run(1)]);
    await Promise.all([first, alike, other].map((each) => each.run(4)));
    expect(first.membership.rank).toBe(0);
    const exact = first.value();
    expect(other.value()).not.toBe(exact);
    await Promise.all([first, alike, other].map(({ membership }) => membership.followFirst()));
    expect(other.value()).toBe(exact);
    expect(alike.value()).not.toBe(exact);
    await Promise.all([first, alike, other].map((each) => each.run(6)));
    expect(other.value()).toBe(first.value() + 2 * 0.25);
  });

  it('do not wait for the state of the first when that is gone', async () => {
    const first = await toy('a', 2, { handover: () => new Promise<void>(() => undefined) });
    const starting = first.run(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const other = await toy('b', 2, { arithmetic: 'rounded' });
    // Those who begin a run together take over the state of the first: it cannot be had here.
    const joined = other.run(1).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([first, other].map(({ states }) => states.size)).toEqual([0, 0]);
    await first.connection.close();
    await Promise.all([starting.catch(() => undefined), joined]);
    expect(other.membership.members.map(({ name }) => name)).toEqual(['b']);
  });

  it('do not wait for the state of the first when that goes while another follows it', async () => {
    let held = Promise.resolve();
    const first = await toy('a', 2, { handover: () => held });
    const starting = first.run(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const other = await toy('b', 2, { arithmetic: 'rounded' });
    await Promise.all([starting, other.run(1)]);
    await Promise.all([first, other].map((each) => each.run(3)));
    held = new Promise<void>(() => undefined);
    const following = other.membership.followFirst();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await first.connection.close();
    await following;
    await other.run(5);
    expect(other.membership.members.map(({ name }) => name)).toEqual(['b']);
  });

  it('are in the view no more when they leave while they join', async () => {
    const { read } = await viewStore(await connection(), `rxtensor_${run}`);
    for (let wait = 0; wait < 24; wait++) {
      const { membership } = await toy(`t${wait}`, 1);
      const joining = membership.ready(0);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await membership.close();
      expect((await read())?.view.members ?? []).toEqual([]);
      await joining;
      expect((await read())?.view.members ?? []).toEqual([]);
    }
  });

  it('wait for as many as begin the run', async () => {
    const a = await toy('a', 2);
    const running = a.run(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(a.states.size).toBe(0);
    const b = await toy('b', 2);
    await Promise.all([running, b.run(1)]);
    expect(a.value()).toBe(0.5);
  });
});
