/** What it costs to train from a file of rows, beside tf.data.csv: speed and memory, each contestant in processes of its own. */
import { fork } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, WASM_FOLDER } from '../bundle';
import { difference } from '../difference';
import type { Task, Trained } from './contestant';
import { writeTable } from './table';

/** How many rows each trains on: the peer takes fewer, since it is counted in rows a second and takes minutes for all. */
const ROWS = { ours: 2_000_000, theirs: 100_000 } as const;
/** The rows whose losses are compared first. */
const SMALL = 10_000;

type Who = keyof typeof ROWS;

/** One run of one contestant. */
interface DataRun extends Trained {
  readonly rowsASecond: number;
}

/** What was found, or why nothing was. */
export interface DataResult {
  readonly rows: Readonly<Record<Who, number>>;
  readonly megabytes: number;
  readonly ours: readonly DataRun[];
  readonly theirs: readonly DataRun[];
  readonly problem?: string;
}

/** @param rounds of pairs of runs */
export async function measureData(rounds: number, report: (line: string) => void): Promise<DataResult> {
  const folder = await mkdtemp(join(tmpdir(), 'rxtensor-bench-'));
  const at = (name: string): string => join(folder, name);
  try {
    const small = at('small.csv');
    await writeTable(small, SMALL);
    for (const who of ['ours', 'theirs'] as const) {
      await writeTable(at(`${who}.csv`), ROWS[who]);
      await writeFile(at(`${who}.cjs`), await bundle(`data/${who}.ts`, 'node'));
    }
    const megabytes = (await stat(at('ours.csv'))).size / 1e6;
    const runs: Record<Who, DataRun[]> = { ours: [], theirs: [] };
    const result = { rows: ROWS, megabytes, ...runs };
    for (let round = 0; round < rounds; round++) {
      // Each goes first as often as the other.
      const order: readonly Who[] = round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours'];
      for (const who of order) {
        const task = { small, path: at(`${who}.csv`), wasmPath: fileURLToPath(WASM_FOLDER) };
        const trained = await runAlone(at(`${who}.cjs`), task);
        const run = { ...trained, rowsASecond: (1000 * ROWS[who]) / trained.milliseconds };
        runs[who].push(run);
        report(
          `  ${who}: ${Math.round(run.rowsASecond)} rows a second, ${Math.round(run.peakMegabytes)} MB, ` +
            `${run.steps} steps, last loss ${run.lastLoss.toFixed(4)}`,
        );
      }
      const problem = difference(runs.ours[0]!.first, runs.theirs[0]!.first, 1e-4);
      if (problem) return { ...result, problem };
    }
    return result;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runAlone(script: string, task: Task): Promise<Trained> {
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(task)]);
    let trained: Trained | null = null;
    child.on('message', (message) => (trained = message as Trained));
    child.on('error', reject);
    child.on('exit', (code) =>
      trained
        ? resolve(trained)
        : reject(new Error(`${script} ended with code ${code} and without a result`)),
    );
  });
}
