import { BehaviorSubject, distinctUntilChanged, map, of, switchMap, type Observable } from 'rxjs';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { SHARED_STEPS, type Peers, type PeersOfSteps } from '../../streams/training/peers';
import type { Traffic } from './membership-options';
import { plainSettings, type PlainSettings } from './plain-settings';
import { RunMember } from './run-member';
import { settingsOf, type DataParallelOptions, type Settings } from './settings';
import { sharedSteps } from './shared-steps';

/** This process as a member of a run, and the other members. See {@link dataParallel}. */
export interface DataParallel extends Peers {
  /** The name of this member. */
  readonly name: string;
  /** The names of the members, at once and after each change; empty while this one has not joined. */
  readonly members$: Observable<readonly string[]>;
  /** What was sent, received and refused, since the subscription; null before it. */
  readonly traffic: Traffic | null;
  /** Leaves the run: the others go on without this member. A stream that trains here stands still then: unsubscribe from it. */
  readonly close: () => Promise<void>;
}

/** {@link DataParallel}, as the operators of this room see it. */
export interface PeersOfRun extends DataParallel, PeersOfSteps {
  readonly [RUN]: RunOf;
}

/** The run of some peers. */
export interface RunOf {
  readonly settings: Settings;
  /** The member while a stream is subscribed to. */
  readonly member: () => RunMember | null;
  /** Begins to be a member. @param plain what all members must have alike in the way they take steps */
  readonly open: (optimizer: Optimizer, plain: PlainSettings) => RunMember;
}

export const RUN = Symbol('run');

/**
 * Makes this process a member of a run: processes, on any machines, and pages that train one model together over a NATS server with JetStream. Give
 * the result to {@link trainStep} as `peers`. All members run the same pipeline, and are given the same batches; each computes the gradients of
 * its part of the rows, and all take the step with the mean. So N members give, bit by bit, what one process gives with `accumulate: N` and batches of
 * an N-th of the size, as long as all compute alike (the same backend, and the same kind of kernels).
 *
 * There is no leader. The run begins when `size` members have joined. Members may join at any time (they take over the state of the others), leave, hang or
 * be killed: the others notice, and take the step in work again without them. When the server is started again, they go on. The first member that joins gives the
 * variables; those of the others are overwritten.
 *
 * Every batch counts as a step, the first one as the first: a member that joins, or was away, skips batches until it is where the others are. Give all the
 * same data and seed.
 *
 * @param connection of `@nats-io/transport-node`, or in pages of `wsconnect` from `@nats-io/nats-core`; it stays the caller's. For a run that outlives
 *   restarts of the server, connect with `{ maxReconnectAttempts: -1, reconnectTimeWait: 200 }`; `noEcho: true` saves each member its own sums
 * @param run the name of the run
 * @throws when a variable has a made-up name. As error notifications of the stream: when the members' variables, settings, optimizers or options of `trainStep`
 *   differ (it names the first difference; numbers from observables may differ), when the loss function changes a variable that is neither trained nor among `statistics`, and when the connection is closed
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as dl from 'rxtensor';
 * import { dataParallel } from 'rxtensor/nats';
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const slope = dl.variable(0, true, 'slope');
 * const sgd = dl.train.sgd(0.1);
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 20, shuffle: true, seed: 1 })
 *   .pipe(
 *     dl.batch(2), // the batch of all members together
 *     dl.trainStep(sgd, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x)), {
 *       // With { size: 2 }, it begins when this program has been started twice.
 *       peers: dataParallel(connection, 'line', { size: 1 }),
 *     }),
 *     dl.download(),
 *   )
 *   .subscribe({ next: (loss) => console.log(loss), complete: () => connection.close() });
 * ```
 */
export function dataParallel(
  connection: NatsConnection,
  run: string,
  options: DataParallelOptions,
): DataParallel {
  const settings = settingsOf(connection, run, options);
  const member$ = new BehaviorSubject<RunMember | null>(null);
  /** A program may change its optimizer while it trains: what counts is what it was when it first did. */
  const plains = new WeakMap<Optimizer, PlainSettings>();
  const open = (optimizer: Optimizer, given: PlainSettings): RunMember => {
    const plain = plains.get(optimizer) ?? given;
    plains.set(optimizer, plain);
    const made = new RunMember(settings, optimizer, plain);
    member$.next(made);
    return made;
  };
  const peers: PeersOfRun = {
    name: settings.name,
    get members() {
      return member$.value?.members.map(({ name }) => name) ?? [];
    },
    members$: member$.pipe(
      switchMap((member) => member?.view$ ?? of(null)),
      map((view) => view?.members.map(({ name }) => name) ?? []),
      distinctUntilChanged((a, b) => a.join() === b.join()),
    ),
    get traffic() {
      return member$.value?.traffic ?? null;
    },
    close: async () => {
      await member$.value?.close();
    },
    [SHARED_STEPS]: (name, output, parts) =>
      sharedSteps(name, output, parts, open(parts.optimizer, plainSettings(parts))),
    [RUN]: { settings, member: () => member$.value, open },
  };
  return peers;
}
