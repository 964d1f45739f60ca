import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { startNatsServer } from '../../scripts/nats-server';
import type { Job } from '../cluster/job';
import { startMember, type DoneReport, type MemberProcess } from '../cluster/member-process';

/** The exchange of a vector among members. */
export interface ExchangeResult {
  readonly members: number;
  readonly megabytes: number;
  readonly milliseconds: number;
  /** The bytes that the server sends to all members together in a step, over those of a vector. */
  readonly outPerVector: number;
}

export interface TrainingResult {
  readonly accuracy: number | null;
  /**
   * From one step to the next, in ms: the step in the middle, without the first, in which the engine compiles. On a machine that others use too, the mean
   * tells of them: a step waits for the slower member, so two members meet every disturbance of either.
   */
  readonly milliseconds: number;
  /** The mean of the same steps, in ms. */
  readonly mean: number;
  /** Bytes that all members together received. */
  readonly received: number;
}

const MB = 1e6;
const FIRST_STEPS = 50;
const FILE = '.cache/cluster/exchange.mjs';

function outputOf(file: string, argument: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, JSON.stringify(argument)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${file} ended with code ${code}`));
    });
  });
}

/** How long an exchange of a vector of so many MB takes. */
export async function measureExchange(members: number, megabytes: number): Promise<ExchangeResult> {
  await build({
    entryPoints: ['tools/scale/exchange.ts'],
    outfile: FILE,
    ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', ignoreAnnotations: true },
  });
  const server = await startNatsServer({ config: 'max_pending: 256MB' });
  try {
    const length = Math.round((megabytes * MB) / 4);
    const times = Math.max(3, Math.min(50, Math.round(60 / megabytes)));
    const results = await Promise.all(
      Array.from({ length: members }, async (_, i) => {
        const text = await outputOf(FILE, {
          url: server.url,
          run: 'exchange',
          name: `m${i}`,
          size: members,
          length,
          times,
        });
        return JSON.parse(text) as { milliseconds: number; received: number };
      }),
    );
    return {
      ...{ members, megabytes },
      milliseconds: Math.max(...results.map((each) => each.milliseconds)),
      outPerVector: results.reduce((sum, each) => sum + each.received, 0) / (megabytes * MB),
    };
  } finally {
    await server.stop();
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Trains with several processes. */
export async function measureTraining(members: number, job: Partial<Job>): Promise<TrainingResult> {
  return withMembers(members, job, trainingOf);
}

async function trainingOf(processes: readonly MemberProcess[]): Promise<TrainingResult> {
  const done = (await Promise.all(processes.map((each) => each.done))) as DoneReport[];
  const times = processes.map(({ steps }) => steps.slice(FIRST_STEPS).map(({ time }) => time));
  return {
    accuracy: done.find(({ accuracy }) => accuracy !== null)?.accuracy ?? null,
    milliseconds: Math.max(...times.map((each) => median(each.slice(1).map((time, i) => time - each[i]!)))),
    mean: Math.max(...times.map((each) => (each.at(-1) - each[0]!) / (each.length - 1))),
    received: done.reduce((sum, each) => sum + each.received, 0),
  };
}

/** The ms of a step in one round. */
export interface GainRound {
  /** One process with the whole batch. */
  readonly one: number;
  /** Two processes with half of the batch each that exchange nothing: what two members could reach at most on this machine at this time. */
  readonly apart: number;
  /** Two members. */
  readonly two: number;
}

/** The same job by one process, by two that know nothing of each other, and by two members, in turns. */
export async function measureGain(
  job: Partial<Job> & { batch: number },
  rounds: number,
): Promise<GainRound[]> {
  const results: GainRound[] = [];
  for (let round = 0; round < rounds; round++) {
    const one = await measureTraining(1, job);
    const two = await measureTraining(2, job);
    const half = { ...job, batch: job.batch / 2, size: 1 };
    const apart = await withMembers(2, half, trainingOf, (i) => ({ run: `apart-${i}` }));
    results.push({ one: one.milliseconds, apart: apart.milliseconds, two: two.milliseconds });
  }
  return results;
}

/** The longest time from one step to the next, in ms, when one of four is killed; and when the server is killed and comes back after 700 ms. */
export async function measureRecovery(what: 'member' | 'server'): Promise<number> {
  const job: Partial<Job> = { model: 'cnn', batch: 96, limit: 4000, epochs: 10, steps: 120 };
  return withMembers(4, job, async (processes, server) => {
    while (processes.some(({ steps }) => steps.length < 30)) await sleep(5);
    if (what === 'member') processes[3]!.process.kill('SIGKILL');
    else {
      await server.kill();
      await sleep(700);
      await server.start();
    }
    await Promise.all(processes.map((each) => each.done));
    const times = processes[0]!.steps.map(({ time }) => time);
    return Math.max(...times.slice(20).map((time, i) => time - times[19 + i]!));
  });
}

async function withMembers<T>(
  members: number,
  job: Partial<Job>,
  work: (
    processes: readonly MemberProcess[],
    server: Awaited<ReturnType<typeof startNatsServer>>,
  ) => Promise<T>,
  ofMember: (index: number) => Partial<Job> = () => ({}),
): Promise<T> {
  const server = await startNatsServer();
  const processes: MemberProcess[] = [];
  try {
    for (let i = 0; i < members; i++) {
      const own = { size: members, ...job, ...ofMember(i), url: server.url, name: `m${i + 1}` };
      processes.push(await startMember(own));
    }
    return await work(processes, server);
  } finally {
    for (const each of processes) each.process.kill('SIGKILL');
    await server.stop();
  }
}
