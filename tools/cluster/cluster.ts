import { startNatsServer } from '../../scripts/nats-server';
import { startMember, type DoneReport, type MemberProcess, type StepReport } from './member-process';
import type { Job } from './job';

/** What came of a run. */
export interface Outcome {
  readonly members: readonly MemberProcess[];
  /** The last reports of the members that were not killed. */
  readonly done: readonly DoneReport[];
  /** The share of test digits that were read right, 0 to 1; null where nobody read them. */
  readonly accuracy: number | null;
}

/** A run of local processes over a server of its own. */
export interface ClusterOptions {
  readonly peers: number;
  readonly job: Partial<Job>;
  /** So many members are killed in the middle. */
  readonly kill: number;
  /** How many steps there will be. */
  readonly steps: number;
  readonly watch?: (member: number, step: StepReport) => void;
}

/** Starts a server and members, and waits for their end. @throws when a member fails */
export async function runCluster({ peers, job, kill, steps, watch }: ClusterOptions): Promise<Outcome> {
  const server = await startNatsServer();
  const members: MemberProcess[] = [];
  try {
    const killAt = (i: number): number => Math.ceil((steps * (i + 1)) / (kill + 1));
    for (let i = 0; i < peers; i++) {
      // The last ones are killed, so that the first reads the digits.
      const victim = peers - 1 - i;
      members.push(
        await startMember({ ...job, url: server.url, size: peers, name: `member-${i + 1}` }, (step) => {
          watch?.(i, step);
          if (victim < kill && step.step === killAt(victim)) members[i]!.process.kill('SIGKILL');
        }),
      );
    }
    const done = (await Promise.all(members.map((each) => each.done))).filter((each) => each !== null);
    return { members, done, accuracy: done.find(({ accuracy }) => accuracy !== null)?.accuracy ?? null };
  } finally {
    for (const each of members) each.process.kill('SIGKILL');
    await server.stop();
  }
}
