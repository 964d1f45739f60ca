import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Socket } from 'node:net';
import { firstValueFrom, lastValueFrom, of, Subject, take, toArray, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import { startNatsServer, type NatsServerOptions } from '../../../scripts/nats-server';
import { natsOfSuite } from '../../../test/support/nats';
import { average } from './average';
import { dataParallel, RUN, type DataParallel, type PeersOfRun } from './data-parallel';
import { Membership } from './membership';
import { usualPatience } from './patience';
import { plainHyperparameters } from './plain-settings';
import { runState } from './run-state';
import { layoutFor, settingsOf } from './settings';
import { shard } from './shard';
import { sleep } from './signal';

const points = { x: [1, 2, 3, 4, 5], y: [2, 4, 6, 8, 10] };

describe('dataParallel', () => {
  const nats = natsOfSuite({ connectionOf: 'suite' });
  let slope: dl.Variable;
  let sgd: dl.Optimizer;
  let runs = 0;

  beforeEach(() => {
    slope = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
    sgd = dl.train.sgd(0.05);
    runs++;
  });
  afterEach(() => {
    slope.dispose();
    sgd.dispose();
  });

  const loss = ({ x, y }: { x: dl.Tensor; y: dl.Tensor }): dl.Scalar =>
    dl.losses.meanSquaredError(y, slope.mul(x)).asScalar();
  const batches = (): Observable<{ x: dl.Tensor1D; y: dl.Tensor1D }> =>
    dl.examples(points, { epochs: 3 }).pipe(dl.batch(2));
  for (const [what, options] of [
    ['as it is', {}],
    ['with clipping', { clipNorm: 0.5 }],
    ['with onNaN', { onNaN: 'error' }],
  ] as const) {
    it(`gives what one process gives, when there is one member, ${what}`, async () => {
      const zero = dl.scalar(0);
      slope.assign(zero);
      const wanted = await lastValueFrom(
        batches().pipe(dl.trainStep(sgd, loss, options), dl.download(), toArray()),
      );
      const wantedSlope = slope.dataSync()[0];
      slope.assign(zero);
      zero.dispose();
      const peers = dataParallel(nats.connection, `alone-${runs}`, { size: 1 });
      const found = await lastValueFrom(
        batches().pipe(dl.trainStep(sgd, loss, { ...options, peers }), dl.download(), toArray()),
      );
      expect(found).toEqual(wanted);
      expect(slope.dataSync()[0]).toBe(wantedSlope);
    });
  }

  it('is the composed form, too', async () => {
    const peers = dataParallel(nats.connection, `composed-${runs}`, { size: 1 });
    const found = await lastValueFrom(
      batches().pipe(
        shard(peers),
        dl.gradients(loss),
        average(peers, sgd),
        dl.applyGradients(sgd),
        dl.download(),
        toArray(),
      ),
    );
    const composed = slope.dataSync()[0];
    const zero = dl.scalar(0);
    slope.assign(zero);
    zero.dispose();
    const wanted = await lastValueFrom(batches().pipe(dl.trainStep(sgd, loss), dl.download(), toArray()));
    expect(found).toEqual(wanted);
    expect(composed).toBe(slope.dataSync()[0]);
  });

  it('drops the gradients of a step that was taken without it, and goes on where the others are', async () => {
    const [ours, theirs] = await Promise.all(
      [0, 1].map(() => connect({ servers: nats.server.url, noEcho: true })),
    );
    // Its own questions are not answered either while its messages wait: it is patient.
    const patience = { ...usualPatience, silence: 60, answer: 100 };
    const peers = dataParallel(ours!, `woken-${runs}`, { size: 2, patience }) as PeersOfRun;
    const { settings } = peers[RUN];
    const other = new Membership({
      ...{ ...settings, connection: theirs!, name: 'awake', mostStateBytes: 1 << 22 },
      patience: { ...settings.patience, hang: 300 },
      layout: layoutFor(settings, [slope], sgd.name, plainHyperparameters(sgd)),
      arithmetic: () => 'other',
      state: runState(new Map([['slope', slope]]), sgd),
    });
    const steps = (async (): Promise<void> => {
      while ((await other.ready(other.step)) === 'go') {
        const mean = await other.average(Float32Array.of(other.step, 0), 1);
        await sleep(40);
        if (mean) other.advance();
      }
    })();
    const { socket } = (ours as unknown as { protocol: { transport: { socket: Socket } } }).protocol
      .transport;
    const taken: number[] = [];
    let received = 0;
    await lastValueFrom(
      dl.examples(points, { epochs: Infinity }).pipe(
        dl.batch(2),
        shard(peers),
        dl.gradients(loss),
        dl.mapTensor((value) => {
          if (received++ === 3) {
            // Its messages wait in the socket, as when a process is stopped, until it is left out.
            socket.pause();
            setTimeout(() => socket.resume(), 1500);
          }
          return value;
        }),
        average(peers, sgd),
        dl.mapTensor((value) => {
          taken.push(peers[RUN].member()!.step);
          return value;
        }),
        dl.applyGradients(sgd),
        take(6),
      ),
    );
    await other.close();
    await steps;
    await peers.close();
    await Promise.all([ours!.close(), theirs!.close()]);
    expect(received).toBe(7);
    expect(taken.slice(0, 3)).toEqual([0, 1, 2]);
    expect(taken[3]).toBeGreaterThan(4);
  });

  it('refuses gradients of old variables', async () => {
    const peers = dataParallel(nats.connection, `stale-${runs}`, { size: 1 });
    const stale = batches().pipe(dl.gradients(loss), average(peers, sgd), dl.applyGradients(sgd));
    await expectAsync(lastValueFrom(stale)).toBeRejectedWithError(/average: gradients came.*wanted shard/);
  });

  it('takes outer steps with what local steps have changed', async () => {
    const peers = dataParallel(nats.connection, `local-${runs}`, {
      size: 1,
      localSteps: 3,
      outerLearningRate: 0.5,
      outerMomentum: 0.5,
    });
    const found = await lastValueFrom(
      dl
        .examples(points, { epochs: 2 })
        .pipe(dl.batch(2), dl.trainStep(sgd, loss, { peers }), dl.download(), toArray()),
    );
    expect(found.length).toBe(5);
    // The same by hand: five inner steps, an outer one after the third and after the last.
    let [theta, velocity] = [0, 0];
    const flat = [...points.x, ...points.x];
    let start = theta;
    for (let step = 0; step < 5; step++) {
      const x = flat.slice(2 * step, 2 * step + 2);
      const gradient = x.reduce((sum, each) => sum + 2 * (theta * each - 2 * each) * each, 0) / x.length;
      theta -= 0.05 * gradient;
      // The last round is shorter.
      if (step !== 2 && step !== 4) continue;
      const difference = start - theta;
      velocity = 0.5 * velocity + difference;
      start = theta = start - 0.5 * (difference + 0.5 * velocity);
    }
    expect(slope.dataSync()[0]).toBeCloseTo(theta, 4);
  });

  it('begins a round of local steps with its start, whatever the one whose state it takes over has done', async () => {
    const peers = dataParallel(nats.connection, `joined-round-${runs}`, { size: 1, localSteps: 3 });
    const batch$ = new Subject<{ x: dl.Tensor1D; y: dl.Tensor1D }>();
    const found: (number | undefined)[] = [];
    const watched = (batch: { x: dl.Tensor; y: dl.Tensor }): dl.Scalar => {
      found.push(slope.dataSync()[0]);
      return loss(batch);
    };
    const done = firstValueFrom(batch$.pipe(dl.trainStep(sgd, watched, { peers }), dl.download()));
    const { settings, member } = (peers as PeersOfRun)[RUN];
    // One that has sat out before has taken fewer steps than its rounds say.
    const theirs = dl.tidy(() => [10, 5, 0].map((each) => dl.variable(dl.scalar(each), false)));
    const state = new Map(['slope', 'start/slope', 'velocity/slope'].map((name, i) => [name, theirs[i]!]));
    const other = new Membership({
      ...{ ...settings, name: 'other', mostStateBytes: 1 << 22, arithmetic: () => 'other' },
      layout: member()!.layout,
      state: runState(state, sgd),
    });
    await other.ready(0);
    const ones = dl.tidy(() => dl.variable(dl.ones([2]), false));
    batch$.next({ x: ones, y: ones });
    while (found.length === 0) {
      await other.ready(0);
      await sleep(5);
    }
    await done;
    await Promise.all([other.close(), peers.close()]);
    expect(found).toEqual([5]);
    for (const each of [ones, ...theirs]) each.dispose();
  });

  it('goes on in the middle of a round of local steps', async () => {
    const train = async (batches: number, run: string): Promise<unknown[]> => {
      const peers = dataParallel(nats.connection, run, { size: 1, localSteps: 3 });
      const losses = await lastValueFrom(
        dl
          .examples(points, { epochs: Infinity })
          .pipe(dl.batch(2), dl.trainStep(sgd, loss, { peers }), dl.download(), take(batches), toArray()),
      );
      await peers.close();
      return losses;
    };
    // As a checkpoint of step 4 has it.
    await train(4, `round-${runs}-a`);
    expect(sgd.iterations).toBe(4);
    expect(await train(5, `round-${runs}-b`)).toHaveSize(5);
    expect(sgd.iterations).toBe(9);
  });

  it('averages the statistics, and refuses a change of others', async () => {
    const mean = dl.tidy(() => dl.variable(dl.scalar(0), false, 'mean'));
    const counting = (batch: { x: dl.Tensor; y: dl.Tensor }): dl.Scalar => {
      mean.assign(mean.add(1).asScalar());
      return loss(batch);
    };
    const run = (statistics: dl.Variable[]): Promise<unknown> =>
      lastValueFrom(
        batches().pipe(
          dl.trainStep(sgd, counting, {
            peers: dataParallel(nats.connection, `statistics-${runs}-${statistics.length}`, {
              size: 1,
              statistics,
            }),
          }),
        ),
      );
    await run([mean]);
    expect(mean.dataSync()[0]).toBe(8);
    await expectAsync(run([])).toBeRejectedWithError(/'mean', which is not trained.*'statistics'/);
    mean.dispose();
  });

  for (const form of ['trainStep', 'average'] as const)
    it(`holds the statistics of the run while it waits for the others, and when it has to compute a step again, in ${form}`, async () => {
      const mean = dl.tidy(() => dl.variable(dl.scalar(1), false, 'mean'));
      const others = dl.tidy(() => [0, 100].map((each) => dl.variable(dl.scalar(each), false)));
      let computed = 0;
      const counting = (batch: { x: dl.Tensor; y: dl.Tensor }): dl.Scalar => {
        computed++;
        mean.assign(mean.add(1).asScalar());
        return loss(batch);
      };
      const peers = dataParallel(nats.connection, `joined-${form}-${runs}`, { size: 1, statistics: [mean] });
      const batch$ = new Subject<{ x: dl.Tensor1D; y: dl.Tensor1D }>();
      const ones = dl.tidy(() => dl.variable(dl.ones([2]), false));
      const training =
        form === 'trainStep'
          ? batch$.pipe(dl.trainStep(sgd, counting, { peers }))
          : batch$.pipe(shard(peers), dl.gradients(counting), average(peers, sgd), dl.applyGradients(sgd));
      const done = lastValueFrom(training);
      const { settings } = (peers as PeersOfRun)[RUN];
      const state = new Map(['slope', 'mean'].map((name, i) => [name, others[i]!]));
      const other = new Membership({
        ...{ ...settings, name: 'other', mostStateBytes: 1 << 22, arithmetic: () => 'other' },
        layout: (peers as PeersOfRun)[RUN].member()!.layout,
        state: runState(state, sgd),
      });
      await other.ready(0);
      batch$.next({ x: ones, y: ones });
      batch$.complete();
      while (computed === 0) {
        await other.ready(0);
        await sleep(5);
      }
      await sleep(100);
      const waiting = mean.dataSync()[0];
      await other.close();
      await done;
      expect([waiting, mean.dataSync()[0]]).toEqual([100, 101]);
      await peers.close();
      for (const each of [mean, ones, ...others]) each.dispose();
    });

  it('is left by unsubscribing, and by close', async () => {
    const peers = dataParallel(nats.connection, `left-${runs}`, { size: 1 });
    const seen: (readonly string[])[] = [];
    const watching = peers.members$.subscribe((members) => seen.push(members));
    await new Promise<void>((resolve, reject) => {
      const training = dl
        .examples(points, { epochs: Infinity })
        .pipe(dl.batch(2), dl.trainStep(sgd, loss, { peers }), dl.download())
        .subscribe({
          next: () => {
            training.unsubscribe();
            resolve();
          },
          error: reject,
        });
    });
    await peers.close();
    watching.unsubscribe();
    expect(seen).toEqual([[], [peers.name]]);
  });

  it('does not let in one that takes its steps otherwise, and names what differs', async () => {
    const run = `otherwise-${runs}`;
    const rate$ = of(0.05);
    const start = (peers: DataParallel, options: dl.TrainStepOptions, optimizer = sgd): Observable<unknown> =>
      dl
        .examples(points, { epochs: Infinity })
        .pipe(dl.batch(2), dl.trainStep(optimizer, loss, { ...options, peers }), dl.download());
    const other = dl.train.sgd(0.01);
    const momentum = [false, true].map((nesterov) => dl.train.momentum(0.1, 0.9, nesterov));
    const join = (options: dl.TrainStepOptions, optimizer: dl.Optimizer, name: string): Promise<unknown> =>
      lastValueFrom(
        start(dataParallel(nats.connection, name, { size: 1 }), options, optimizer).pipe(take(1)),
      );
    const both = dataParallel(nats.connection, run, { size: 1 });
    const momentous = dataParallel(nats.connection, `${run}-momentum`, { size: 1 });
    const training = [
      start(both, { clipNorm: 0.5, learningRate: rate$ }).subscribe(),
      start(momentous, {}, momentum[0]).subscribe(),
    ];
    while (both.members.length + momentous.members.length < 2) await sleep(20);
    await expectAsync(join({ learningRate: rate$ }, other, run)).toBeRejectedWithError(
      /cannot be joined.*'clipNorm none' here, 'clipNorm 0.5' in the run/,
    );
    await expectAsync(join({ clipNorm: 0.5 }, other, run)).toBeRejectedWithError(
      /'learningRate 0.01' here, .* in the run/,
    );
    await expectAsync(
      join({ clipNorm: 0.5, learningRate: rate$, onNaN: 'skip' }, sgd, run),
    ).toBeRejectedWithError(/'onNaN skip' here/);
    await expectAsync(join({}, momentum[1]!, `${run}-momentum`)).toBeRejectedWithError(
      /'nesterov 1' here, 'nesterov 0' in the run/,
    );
    const small = Object.create(nats.connection, {
      info: { value: { ...nats.connection.info, max_payload: 5000 } },
    }) as NatsConnection;
    const elsewhere = start(dataParallel(small, run, { size: 1 }), { clipNorm: 0.5, learningRate: rate$ });
    await expectAsync(lastValueFrom(elsewhere)).toBeRejectedWithError(
      /'mostPayload 5000' here, 'mostPayload 1048576' in the run/,
    );
    for (const each of training) each.unsubscribe();
    await Promise.all([both.close(), momentous.close()]);
    for (const each of [other, ...momentum]) each.dispose();
  });

  it('has the limits of its server while that is away, too', () => {
    let info: object | undefined = { ...nats.connection.info, max_payload: 5000 };
    const away = Object.create(nats.connection, { info: { get: () => info } }) as NatsConnection;
    const settings = settingsOf(away, 'away', { size: 1 });
    const text = (): string => layoutFor(settings, [slope], sgd.name, {}).text;
    const before = text();
    info = undefined;
    expect([before, text()]).toEqual([jasmine.stringContaining('mostPayload 5000'), before]);
  });

  it('does not let in one whose batches have other numbers of rows', async () => {
    const run = `rows-${runs}`;
    const other = dl.train.sgd(0.05);
    const start = (name: string, size: number, optimizer: dl.Optimizer): Observable<unknown> =>
      dl
        .examples(points, { epochs: Infinity })
        .pipe(
          dl.batch(size),
          dl.trainStep(optimizer, loss, { peers: dataParallel(nats.connection, run, { size: 1, name }) }),
        );
    let steps = 0;
    const first = start('first', 2, sgd).subscribe(() => {
      steps++;
      dl.waitUntil(sleep(20));
    });
    while (steps === 0) await sleep(20);
    await expectAsync(lastValueFrom(start('second', 3, other))).toBeRejectedWithError(
      /^dataParallel: the batch of step \d+ has 3 rows here, and 2 at 'first'; wanted the same.*batches: 'own'/,
    );
    const before = steps;
    while (steps < before + 3) await sleep(20);
    first.unsubscribe();
    other.dispose();
  });

  it('says what a server lacks: JetStream, or a permission', async () => {
    const said = async (options: NatsServerOptions): Promise<unknown> => {
      const poor = await startNatsServer(options);
      const here = await connect({ servers: poor.url });
      try {
        const peers = dataParallel(here, 'poor', { size: 1 });
        return await lastValueFrom(batches().pipe(dl.trainStep(sgd, loss, { peers }))).catch(String);
      } finally {
        await here.close();
        await poor.stop();
      }
    };
    expect(await said({ jetStream: false })).toMatch(
      /dataParallel: the server refuses the stores of run 'poor': jetstream is not enabled; wanted a server with JetStream/,
    );
    for (const denied of ['$JS.API.STREAM.CREATE.>', '$KV.>'])
      expect(
        await said({
          config: `authorization { default_permissions { publish: { deny: "${denied}" } }, users: [{ user: a, password: b }] }, no_auth_user: a`,
        }),
      ).toMatch(
        /dataParallel: the server refuses the stores of run 'poor': .*[Pp]ermissions.*; wanted permissions/,
      );
  });

  it('is for one subscription at a time', async () => {
    const peers = dataParallel(nats.connection, `twice-${runs}`, { size: 1 });
    const second = batches().pipe(dl.trainStep(sgd, loss, { peers }));
    const first = dl
      .examples(points, { epochs: Infinity })
      .pipe(dl.batch(2), dl.trainStep(sgd, loss, { peers }))
      .subscribe();
    while (peers.members.length === 0) await sleep(20);
    await expectAsync(lastValueFrom(second)).toBeRejectedWithError(
      /or of another subscription with the same peers; wanted a name of its own, and dataParallel once for each stream/,
    );
    first.unsubscribe();
    await peers.close();
  });

  it('keeps nothing when its connection was closed before', async () => {
    const closed = await connect({ servers: nats.server.url });
    await closed.close();
    const { numTensors } = dl.memory();
    const peers = dataParallel(closed, `closed-${runs}`, { size: 1, localSteps: 2 });
    await expectAsync(
      lastValueFrom(batches().pipe(dl.trainStep(sgd, loss, { peers }))),
    ).toBeRejectedWithError(/closed/);
    expect(dl.memory().numTensors).toBe(numTensors);
  });

  it('needs names, and right arguments', async () => {
    const unnamed = dl.tidy(() => dl.variable(dl.scalar(0)));
    const peers = dataParallel(nats.connection, `unnamed-${runs}`, { size: 1 });
    await expectAsync(
      lastValueFrom(batches().pipe(dl.trainStep(sgd, loss, { peers }))),
    ).toBeRejectedWithError(/made up/);
    expect(() => dataParallel(nats.connection, 'r', { size: 1, variables: [unnamed] })).toThrowError(
      /made up/,
    );
    expect(() => dataParallel(null as never, 'r', { size: 1 })).toThrowError(/argument 'connection'/);
    expect(() => dataParallel(nats.connection, 'a b', { size: 1 })).toThrowError(/argument 'run'/);
    expect(() => dataParallel(nats.connection, 'r', { size: 0 })).toThrowError(/option 'size'/);
    expect(() => dataParallel(nats.connection, 'r', { size: 1, name: 'all' })).toThrowError(/option 'name'/);
    expect(() => dataParallel(nats.connection, 'r', { size: 1, sise: 2 } as never)).toThrowError(/sise/);
    expect(() => dataParallel(nats.connection, 'r', { size: 1, patience: { hang: 0 } })).toThrowError(
      /patience/,
    );
    expect(() => dl.trainStep(sgd, loss, { peers: {} as never })).toThrowError(/option 'peers'/);
    expect(() => dl.trainStep(sgd, { peers })).toThrowError(/option 'peers'/);
    expect(() => dl.trainStep(sgd, loss, { peers, accumulate: 2 })).toThrowError(/option 'peers'/);
    expect(() => shard({} as never)).toThrowError(/argument 'peers'/);
    unnamed.dispose();
  });
});
