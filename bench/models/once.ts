import { modelNames } from '../../test/models/packages';
import { isChosen, type ModelResult, type OnceResult } from './case';

/** Runs the suite in a process of its own, with options, and hands on what it tells. */
export type RunSuite = (options: object, told: (message: unknown) => void) => Promise<void>;

/** The first result and the peak of memory: each side of each graph model in a process of its own. */
export async function measureOnce(
  only: string,
  suite: RunSuite,
  report: (result: ModelResult) => void,
): Promise<void> {
  const peer = 'tfjs-wasm';
  for (const name of modelNames().filter((each) => isChosen(only, `${each} ${peer}`))) {
    const told: OnceResult[] = [];
    try {
      for (const side of ['ours', 'theirs'] as const)
        await suite({ once: { name, side } }, (result) => told.push(result as OnceResult));
      const [ours, theirs] = told as [OnceResult, OnceResult];
      const row = (kind: ModelResult['kind'], a: number, b: number): ModelResult => ({
        ...{ kind, name, peer, ours: a, theirs: b, ratio: b / a },
      });
      report(row('the first result', ours.first, theirs.first));
      report(row('peak memory', ours.bytes, theirs.bytes));
    } catch (error) {
      report({ kind: 'peak memory', name, peer, problem: String(error) });
    }
  }
}
