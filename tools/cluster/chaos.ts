/** Random faults in runs of several processes. The run must complete, all variables must be equal, and no process may leak. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { startNatsServer, type NatsServer } from '../../scripts/nats-server';
import { startMember, type MemberProcess } from './member-process';
import type { Job } from './job';

export const faultKinds = ['kill', 'stop', 'cut', 'broker', 'slow', 'corrupt', 'join'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault, or several at once, at a time of the run. */
export type Faults = readonly FaultKind[];

/** What came of a run. */
export interface ChaosOutcome {
  /** How often each kind of fault happened. */
  readonly counts: ReadonlyMap<FaultKind, number>;
  /** What is wrong; empty when nothing is. */
  readonly troubles: readonly string[];
  readonly seconds: number;
  readonly log: readonly string[];
}

const PEERS = 4;
/** Fewer that have taken a step are never left: the state of a run is in its members, and gone when all that have it are killed. */
const FEWEST = 2;
const MOST = 6;
/** From one fault to the next, in ms. */
const BETWEEN = 1200;
const PAUSE = 20;
/** No step takes less than so many ms beyond its pause. */
const LEAST_WORK = 5;
const STOPPED = { short: 800, long: 4500 };
const BROKER_AWAY = 700;
/** A run in which nobody takes a step for so many ms stands still. */
const STANDS_STILL = 30_000;

type Random = () => number;

/** The faults of a run: `count` times, of which some are two at once. */
export function drawFaults(random: Random, count: number, first: number): Faults[] {
  const kind = (i: number): FaultKind => faultKinds[i % faultKinds.length]!;
  return Array.from({ length: count }, (_, i) => {
    const one = kind(first + i);
    return random() < 0.2 ? [one, kind(Math.floor(random() * faultKinds.length))] : [one];
  });
}

/** A run in which these faults happen, one after the other. */
export async function chaosRun(
  random: Random,
  run: string,
  faults: readonly Faults[],
): Promise<ChaosOutcome> {
  const server = await startNatsServer();
  const began = Date.now();
  const log: string[] = [];
  const say = (text: string): void => void log.push(`${((Date.now() - began) / 1000).toFixed(1)} s  ${text}`);
  const counts = new Map<FaultKind, number>();
  const members: MemberProcess[] = [];
  const dead = new Set<MemberProcess>();
  const finished = new Set<MemberProcess>();
  const disturbed = new Set<MemberProcess>();
  // Even the fastest machine is still at work when the last fault happens.
  const steps = Math.ceil((faults.length * BETWEEN + 2000) / (PAUSE + LEAST_WORK));
  const job: Partial<Job> = {
    url: server.url,
    run,
    size: PEERS,
    model: 'mlp',
    batch: 48,
    limit: 2400,
    epochs: 1_000_000,
    steps,
    seed: Math.floor(random() * 1000),
    hashes: true,
    pause: PAUSE,
  };
  const failures: Error[] = [];
  let named = 0;
  // The name is drawn before anything is awaited: two may join at once.
  const add = async (): Promise<void> => {
    const member = await startMember({ ...job, name: `m${++named}` });
    member.done.then(
      () => finished.add(member),
      (error: unknown) => failures.push(error as Error),
    );
    members.push(member);
  };
  /** Waits for what members bring about. @throws when one of them has failed, or one has ended: then it may never come */
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      if (failures[0]) throw failures[0];
      if (living().some((each) => finished.has(each)))
        throw new Error('the run ended before all of its faults had happened');
      await sleep(50);
    }
  };
  const living = (): MemberProcess[] => members.filter((each) => !dead.has(each));
  const one = (): MemberProcess => {
    const among = living();
    return among[Math.floor(random() * among.length)]!;
  };
  let isBrokerAway = false;
  const cause: Record<FaultKind, () => Promise<void>> = {
    kill: async () => {
      const trained = (): MemberProcess[] => living().filter(({ steps: taken }) => taken.length > 0);
      if (living().length <= FEWEST) await add();
      await until(() => trained().length > FEWEST);
      const victim = one();
      dead.add(victim);
      say(`kill ${victim.name}`);
      victim.process.kill('SIGKILL');
    },
    stop: async () => {
      const victim = one();
      const time = random() < 0.5 ? STOPPED.short : STOPPED.long;
      disturbed.add(victim);
      say(`stop ${victim.name} for ${time} ms`);
      victim.process.kill('SIGSTOP');
      await sleep(time);
      victim.process.kill('SIGCONT');
    },
    cut: async () => {
      const victim = one();
      disturbed.add(victim);
      say(`cut ${victim.name}`);
      victim.tell('cut');
      await Promise.resolve();
    },
    broker: async () => {
      if (isBrokerAway) return;
      isBrokerAway = true;
      say('broker away');
      await server.kill();
      await sleep(BROKER_AWAY);
      await server.start();
      isBrokerAway = false;
    },
    slow: async () => {
      const victim = one();
      disturbed.add(victim);
      say(`slow ${victim.name}`);
      victim.tell('stall');
      await Promise.resolve();
    },
    corrupt: () => publishGarbage(server, run, random, members),
    join: async () => {
      if (living().length >= MOST) return cause.kill();
      say(`join m${named + 1}`);
      await add();
    },
  };
  /** Fails when nobody has taken a step, or ended, for a while: a slow machine takes longer, and goes on. */
  const standstill = async (): Promise<never> => {
    const places = (): string =>
      living()
        .map((each) => `${each.name} ${finished.has(each) ? 'ended' : 'is'} at ${each.steps.at(-1)?.step}`)
        .join(', ');
    for (let before = ''; ; await sleep(STANDS_STILL, null, { ref: false })) {
      if (places() === before) throw new Error(`it stands still: ${before}`);
      before = places();
    }
  };
  const troubles: string[] = [];
  try {
    for (let i = 0; i < PEERS; i++) await add();
    await until(() => members.every((each) => each.steps.length > 0));
    for (const each of faults) {
      await Promise.all(
        each.map(async (kind) => {
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
          await cause[kind]();
        }),
      );
      await sleep(BETWEEN);
    }
    say('all faults have happened');
    const ends = Promise.all(living().map((each) => each.done));
    ends.catch(() => undefined);
    troubles.push(...differences(living(), disturbed, await Promise.race([ends, standstill()]), steps));
  } catch (error) {
    troubles.push(String(error));
  } finally {
    for (const each of members) each.process.kill('SIGKILL');
    await server.stop();
  }
  return { counts, troubles, seconds: (Date.now() - began) / 1000, log };
}

function differences(
  living: readonly MemberProcess[],
  disturbed: ReadonlySet<MemberProcess>,
  ended: readonly Awaited<MemberProcess['done']>[],
  steps: number,
): string[] {
  const troubles: string[] = [];
  const last = new Set(living.map((each) => each.steps.at(-1)?.hash));
  if (last.size !== 1)
    troubles.push(
      `the last hashes differ: ${living.map((each) => `${each.name} ${each.steps.at(-1)?.step} ${each.steps.at(-1)?.hash}`).join(', ')}`,
    );
  living.forEach((each, i) => {
    if (each.steps.at(-1)?.step !== steps)
      troubles.push(`${each.name} ended at step ${each.steps.at(-1)?.step} of ${steps}`);
    if (ended[i]?.leftTensors !== 0) troubles.push(`${each.name} left ${ended[i]?.leftTensors} tensors`);
  });
  const hashes = new Map<number, string>();
  for (const each of living)
    for (const { step, hash } of disturbed.has(each) ? [] : each.steps) {
      const other = hashes.get(step) ?? hash;
      hashes.set(step, other);
      if (other !== hash) troubles.push(`${each.name} has another hash at step ${step}`);
    }
  return troubles;
}

/** What strangers and broken programs may send: anything, on the subjects of the run. */
async function publishGarbage(
  server: NatsServer,
  run: string,
  random: Random,
  members: readonly MemberProcess[],
): Promise<void> {
  const connection = await connect({
    servers: server.url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    waitOnFirstConnect: true,
  });
  const kinds = ['part', 'sum', 'ask', 'state', 'view'];
  for (let i = 0; i < 50; i++) {
    const kind = kinds[Math.floor(random() * kinds.length)]!;
    const to = random() < 0.5 ? 'all' : members[Math.floor(random() * members.length)]!.name;
    const from = random() < 0.5 ? 'stranger' : members[Math.floor(random() * members.length)]!.name;
    const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
    if (random() < 0.5) bytes.set([0x72, 0x78, 0x74, 0x70, 1, 0, 1, 0].slice(0, bytes.length));
    connection.publish(`rx.${run}.${kind}.${to}.${from}`, bytes);
  }
  await connection.flush();
  await connection.close();
}
