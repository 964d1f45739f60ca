/** Runs one run of the tests in a process of its own, and counts its specs. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { COUNT_FILE } from './spec-count.js';
import type { Run } from './test-runs';

interface Count {
  readonly passed: number;
  readonly failed: number;
  /** The names of the failed specs, and of what failed otherwise. */
  readonly failures: readonly string[];
}

/** The count of a run, and how long it took. */
export interface Outcome extends Count {
  readonly seconds: number;
}

const countFolder = '.cache/test';

/** Removes the counts and logs of earlier runs. */
export function forgetRuns(): void {
  rmSync(countFolder, { recursive: true, force: true });
  mkdirSync(countFolder, { recursive: true });
}

/** Runs it, with a limit in minutes; when that is over, it is taken to hang, and is stopped. */
export async function execute(run: Run, seed: string, limitMinutes: number): Promise<Outcome> {
  const start = performance.now();
  const count = await countOf(run, seed, limitMinutes);
  return { ...count, seconds: Math.round((performance.now() - start) / 1000) };
}

async function countOf({ name, command }: Run, seed: string, limitMinutes: number): Promise<Count> {
  console.log(`started: ${name}`);
  const file = `${countFolder}/${name.replaceAll(/\W+/g, '-')}.json`;
  // Output goes to a file, and is printed in one piece, since another run prints at the same time.
  const log = openSync(`${file}.log`, 'w');
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [...command, '--seed', seed], {
      env: { ...process.env, [COUNT_FILE]: file },
      stdio: ['ignore', log, log],
      timeout: limitMinutes * 60_000,
    });
    child.on('error', reject).on('exit', resolve);
  });
  closeSync(log);
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 80 - name.length))}`);
  process.stdout.write(readFileSync(`${file}.log`));
  try {
    const count = JSON.parse(readFileSync(file, 'utf8')) as Count;
    // A run that exits with an error but has counted no failure counts as one failure.
    if (exitCode === 0 || count.failed > 0) return count;
    return { ...count, failed: 1, failures: [`exit code ${exitCode}`] };
  } catch {
    const failure = `it ended (${exitCode === null ? 'killed' : `exit code ${exitCode}`}) without a count`;
    console.log(`failed: ${name}: ${failure}`);
    return { passed: 0, failed: 1, failures: [failure] };
  }
}
