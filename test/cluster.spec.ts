import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startNatsServer, type NatsServer } from '../scripts/nats-server';
import { readMnist, type Digits } from '../examples/mnist-terminal/digits';
import { chaosRun, drawFaults, faultKinds } from '../tools/cluster/chaos';
import { usualJob, type Job } from '../tools/cluster/job';
import { startMember, type MemberProcess } from '../tools/cluster/member-process';
import { accumulatedHashes, shardedHashes } from '../tools/cluster/reference';
import { startServerPair } from './support/server-pair';
import { testRun } from './support/test-run';

const LIMIT = 600;

const { chaos, seed = 1 } = testRun();
const DAY = Math.floor(Date.now() / 86_400_000);
const PARTS = 3;
/** The faults of a day. */
const FEW_FAULTS = 4;

/** A spec of a part. Each day has its part, since processes take seconds to start; with `--chaos`, as in `npm run test:long`, all parts run. */
function itInPart(part: number, ...spec: Parameters<typeof it>): void {
  if (chaos !== undefined || part === DAY % PARTS) it(...spec);
}

describe('A run of several processes', () => {
  let server: NatsServer;
  let digits: Digits;
  let members: MemberProcess[] = [];
  let runs = 0;
  let named = 0;

  beforeAll(async () => {
    server = await startNatsServer();
    ({ train: digits } = await readMnist(undefined, LIMIT));
  });
  afterAll(() => server.stop());
  afterEach(() => {
    for (const each of members) each.process.kill('SIGKILL');
    members = [];
  });

  const jobOf = (job: Partial<Job>): Job => ({
    ...usualJob,
    ...{ url: server.url, run: `run-${runs++}`, limit: LIMIT, hashes: true, batch: 60 },
    ...job,
  });

  async function start(job: Job, watch?: Parameters<typeof startMember>[1]): Promise<MemberProcess> {
    const made = await startMember({ ...job, name: `m${++named}` }, watch);
    members.push(made);
    return made;
  }

  const startAll = (job: Job): Promise<unknown> =>
    Promise.all(Array.from({ length: job.size }, () => start(job)));
  const hashesOf = ({ steps }: MemberProcess): string[] => steps.map(({ hash }) => hash);
  /**
   * All have had the bits of the parts one after the other, at each step that they took. When the members change, one that is behind takes over
   * the state of the furthest instead of its step.
   */
  async function expectBitsOfParts(job: Job, present: readonly MemberProcess[]): Promise<void> {
    const reported = present.flatMap(({ steps }) => steps);
    const counts = new Map(reported.map((each) => [each.step, each.members.length]));
    expect(counts.size).toBe(job.steps!);
    const wanted = await shardedHashes(digits, job, (step) => counts.get(step + 1)!);
    for (const member of present)
      expect(hashesOf(member)).toEqual(member.steps.map(({ step }) => wanted[step - 1]!));
  }
  const ends = () => Promise.all(members.map(({ done }) => done));

  /** A member of which something must have happened before the next. */
  async function until(condition: () => boolean): Promise<void> {
    for (let tries = 0; !condition(); tries++) {
      if (tries > 3000) throw new Error('it has not happened within a minute');
      await sleep(20);
    }
  }

  const PARAMETERS = {
    cnn: 5 * 5 * 8 + 8 + 5 * 5 * 8 * 16 + 16 + 256 * 10 + 10,
    mlp: 28 * 28 * 128 + 128 + 128 * 10 + 10,
  };
  async function expectExact(model: 'cnn' | 'mlp', size: number): Promise<void> {
    const job = jobOf({ model, size, steps: 8 });
    await startAll(job);
    const reports = await ends();
    const wanted = await accumulatedHashes(digits, job, size);
    expect(wanted.length).toBe(8);
    for (const member of members) expect(hashesOf(member)).toEqual(wanted);
    // The gradients, and the loss.
    const bytes = 4 * (PARAMETERS[model] + 1);
    const received = reports.reduce((sum, each) => sum + each!.received, 0);
    expect(received / (8 * 2 * (size - 1) * bytes)).toBeLessThan(1.05);
    for (const report of reports)
      expect(report).toEqual(jasmine.objectContaining({ leftTensors: 0, refused: 0 }));
  }

  it('has the same bits at every step as one that accumulates, and sends no more than it must', () =>
    expectExact('cnn', 2));
  for (const [model, size, part] of [
    ['cnn', 4, 0],
    ['mlp', 2, 1],
    ['mlp', 4, 2],
  ] as const)
    itInPart(part, `has the same bits as one that accumulates: ${size} processes, ${model}`, () =>
      expectExact(model, size),
    );

  for (const [size, part] of [
    [2, 0],
    [3, 1],
    [4, 2],
  ] as const)
    itInPart(
      part,
      `has the bits of the parts one after the other, with dropout, with masks, and for a batch that is not full: ${size} processes`,
      async () => {
        // 600 digits are 8 batches of 74 and one of 8.
        const job = jobOf({ model: 'masked', size, batch: 74 });
        await startAll(job);
        await ends();
        const wanted = await shardedHashes(digits, job, () => size);
        expect(wanted.length).toBe(9);
        for (const member of members) expect(hashesOf(member)).toEqual(wanted);
      },
    );

  itInPart(
    0,
    'goes on when one is killed, as one process that divides the batches among those that are left',
    async () => {
      const job = jobOf({ model: 'mlp', size: 3, steps: 40, epochs: 10, pause: 10 });
      await startAll(job);
      const [first, , victim] = members as [MemberProcess, MemberProcess, MemberProcess];
      await until(() => victim.steps.length >= 10);
      victim.process.kill('SIGKILL');
      await ends();
      const killed = first.steps.findIndex(({ members: present }) => present.length === 2);
      expect(killed).toBeGreaterThanOrEqual(10);
      await expectBitsOfParts(job, [first, members[1]!]);
      const cost = first.steps[killed]!.time - first.steps[killed - 1]!.time;
      console.log(`a killed member cost ${cost} ms`);
      expect(cost).toBeLessThan(10_000);
    },
  );

  itInPart(
    1,
    'takes in a process that joins, and goes on over a restart of the server, with the bits of the parts one after the other',
    async () => {
      const job = jobOf({ model: 'mlp', size: 2, steps: 300, epochs: 100, pause: 60 });
      await startAll(job);
      const [first] = members as [MemberProcess];
      await until(() => first.steps.length >= 3);
      await server.kill();
      await sleep(500);
      await server.start();
      const late = await start(job);
      await until(() => late.steps.length >= 3);
      for (const each of members) each.tell('hurry');
      await ends();
      await expectBitsOfParts(job, members);
      expect(first.steps.at(-1)!.members.length).toBe(3);
    },
  );

  itInPart(
    1,
    'goes on when each server of a cluster of two is killed and comes back, with the bits of the parts one after the other',
    async () => {
      const pair = await startServerPair();
      try {
        const url = pair.map((each) => each.url).join();
        const job = jobOf({ url, model: 'mlp', size: 2, steps: 150, epochs: 100, pause: 20 });
        await startAll(job);
        const [first] = members as [MemberProcess];
        for (const each of pair) {
          const before = first.steps.length;
          await until(() => first.steps.length >= before + 10);
          await each.kill();
          await sleep(700);
          await each.start();
        }
        await ends();
        expect(first.steps.at(-1)!.members.length).toBe(2);
        await expectBitsOfParts(job, members);
      } finally {
        for (const each of pair) await each.stop();
      }
    },
  );

  itInPart(
    2,
    'goes on under random faults',
    async () => {
      const random = randomFrom(chaos === undefined ? DAY : seed);
      const wanted = chaos ?? FEW_FAULTS;
      const happened = new Map(faultKinds.map((kind) => [kind, 0]));
      const PER_RUN = 28;
      for (let done = 0, run = 0; done < wanted; done += PER_RUN, run++) {
        const first = chaos === undefined ? Math.floor(random() * faultKinds.length) : done;
        const faults = drawFaults(random, Math.min(PER_RUN, wanted - done), first);
        const { troubles, counts, log } = await chaosRun(random, `chaos-${run}`, faults);
        for (const [kind, count] of counts) happened.set(kind, happened.get(kind)! + count);
        expect(troubles)
          .withContext(`run ${run}:\n${log.join('\n')}`)
          .toEqual([]);
      }
      console.log(`random faults: ${[...happened].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
      if (wanted >= 200)
        for (const [kind, count] of happened) expect(count).withContext(kind).toBeGreaterThanOrEqual(20);
    },
    3_600_000,
  );

  it('is a command, which says how accurate the result is', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      'tools/cluster/index.ts',
      '--peers',
      '2',
      '--limit',
      '1000',
      '--epochs',
      '2',
      '--model',
      'mlp',
    ]);
    expect(stdout).toContain('2 processes, 8 steps');
    expect(Number(/test accuracy: ([\d.]+) %\n$/.exec(stdout)?.[1])).toBeGreaterThan(40);
    const wrong = promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      'tools/cluster/index.ts',
      '--kill',
      '2',
    ]);
    await expectAsync(wrong).toBeRejectedWithError(/option --kill is 2; wanted fewer than --peers/);
  });
});

/** A linear congruential generator (Numerical Recipes, 2007, section 7.1.4): chaos needs no better one. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}
