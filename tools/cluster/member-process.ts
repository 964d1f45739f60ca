import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { usualJob, type Command, type Job, type Report } from './job';

const FILE = '.cache/cluster/member.mjs';
let bundling: Promise<unknown> | null = null;

/** Bundles the program of a member, once: it starts sooner than from its sources. */
function bundle(): Promise<unknown> {
  mkdirSync('.cache/cluster', { recursive: true });
  bundling ??= build({
    entryPoints: ['tools/cluster/member.ts'],
    outfile: FILE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    packages: 'external',
    ignoreAnnotations: true,
    logLevel: 'warning',
  });
  return bundling;
}

export type StepReport = Extract<Report, { kind: 'step' }>;
export type DoneReport = Extract<Report, { kind: 'done' }>;

/** A process that is a member of a run. */
export interface MemberProcess {
  readonly name: string;
  readonly process: ChildProcess;
  /** What it has reported of its steps so far. */
  readonly steps: readonly StepReport[];
  readonly tell: (command: Command) => void;
  /** Resolves at its end: with its last report, or null if it was killed. Rejects if it failed. */
  readonly done: Promise<DoneReport | null>;
}

/** Starts a member. @param watch called for each of its steps */
export async function startMember(
  job: Partial<Job>,
  watch: (step: StepReport) => void = () => undefined,
): Promise<MemberProcess> {
  await bundle();
  const whole: Job = { ...usualJob, ...job };
  const child = spawn(process.execPath, ['--enable-source-maps', FILE, JSON.stringify(whole)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const steps: StepReport[] = [];
  let last: DoneReport | null = null;
  let failure: string | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as Report;
    if (report.kind === 'done') last = report;
    else if (report.kind === 'error') failure = report.message;
    else {
      steps.push(report);
      watch(report);
    }
  });
  child.stdin.on('error', () => undefined);
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.on('exit', killWithParent);
  const done = new Promise<DoneReport | null>((resolve, reject) => {
    child.on('error', reject).on('close', () => {
      process.off('exit', killWithParent);
      if (failure !== null) reject(new Error(`${whole.name}: ${failure}`));
      else resolve(last);
    });
  });
  done.catch(() => undefined);
  return {
    name: whole.name,
    process: child,
    steps,
    tell: (command) => void child.stdin.write(`${command}\n`),
    done,
  };
}
