import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as dl from 'rxtensor';
import * as earlier from 'rxtensor-earlier';
import { cases, type Case, type Prepared } from './cases';
import { difference } from './difference';
import type { Library } from './library';
import { measure, measurePairs } from './measure';
import type { CaseResult } from './result';

export interface SuiteOptions {
  readonly rounds: number;
  /** Runs the suite of streams instead. */
  readonly streams?: boolean;
  /** Runs the sweeps over sizes instead. */
  readonly scale?: boolean;
  /** Only the cases whose name holds this. */
  readonly only?: string;
  /** Holds ours against an earlier state of itself (`rxtensor-earlier`) instead of the peers. */
  readonly isAgainst?: boolean;
  /** That of both, where ours is held against itself; the CPU when left out. */
  readonly backend?: 'cpu' | 'webgl';
  /** Where TensorFlow.js finds its compiled modules. */
  readonly wasmPath?: string;
}

const DEFAULT_TOLERANCE = 2e-5;

/** The peer of a case, made ready with its backend. */
async function preparePeer(c: Case): Promise<Prepared> {
  if (c.preparePeer) return c.preparePeer();
  if (c.peer === 'deeplearn') {
    const deeplearn = (await import('deeplearn')) as unknown as Library & { default?: Library };
    return c.prepare(deeplearn.default ?? deeplearn);
  }
  await tf.setBackend(c.peer === 'tfjs-wasm' ? 'wasm' : 'cpu');
  await tf.ready();
  return c.prepare(tf as unknown as Library);
}

async function runCase(c: Case, rounds: number): Promise<CaseResult> {
  const { name, peer, must, aim, limitMs } = c;
  try {
    const ours = c.prepare(dl as Library);
    const theirs = await preparePeer(c);
    const problem = difference(ours.check(), theirs.check(), c.tolerance ?? DEFAULT_TOLERANCE);
    if (problem) return { name, peer, must, aim, problem };
    const [a, b] = measure([ours.run, theirs.run], rounds) as [
      ReturnType<typeof measure>[0],
      ReturnType<typeof measure>[0],
    ];
    return {
      name,
      peer,
      must,
      aim,
      ours: a.median,
      theirs: b.median,
      ratio: b.median / a.median,
      ratioOfMinima: b.minimum / a.minimum,
      ...(limitMs ? { limitMs } : {}),
      ...(c.multiplyAdds ? { gigaflops: (2e-6 * c.multiplyAdds) / a.median } : {}),
    };
  } catch (error) {
    return { name, peer, must, aim, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** On a GPU a run only submits its work; reading a small result of its own waits for all of it and moves nothing else. */
function finish(lib: Library): void {
  lib.tidy(() => lib.scalar(1).add(1).dataSync());
}

/** A case of ours against the same of an earlier state of the library, in pairs, so that a noisy machine disturbs both alike. */
async function runAgainstEarlier(c: Case, rounds: number, isOnGpu: boolean): Promise<CaseResult> {
  const row = { name: c.name, peer: 'earlier', must: 0.97, aim: 1 };
  try {
    const contestants = [dl as Library, earlier as unknown as Library].map((lib) => {
      const { run, check } = c.prepare(lib);
      const timed = (): void => {
        run();
        finish(lib);
      };
      return { run: isOnGpu ? timed : run, check };
    });
    const [ours, theirs] = contestants as [Prepared, Prepared];
    // How long sums are added up may change, and with it their last digits.
    const problem = difference(ours.check(), theirs.check(), 1e-4);
    if (problem) return { ...row, problem };
    const pairs = await measurePairs(ours.run, theirs.run, rounds);
    const ratio = pairs.paired((a, b) => b / a);
    return { ...row, ours: pairs.ours, theirs: pairs.theirs, ratio, ratioOfMinima: ratio };
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function runSuiteAgainstEarlier(
  { rounds, only = '', backend = 'cpu' }: SuiteOptions,
  report: (result: CaseResult) => void,
): Promise<void> {
  dl.setBackend(backend);
  earlier.setBackend(backend);
  const names = new Set<string>();
  for (const c of cases) {
    if (names.has(c.name) || !c.name.includes(only)) continue;
    names.add(c.name);
    report(await runAgainstEarlier(c, rounds, backend === 'webgl'));
  }
}

/** Runs every case, ours and the peer's in turn, and reports each as it is done. */
export async function runSuite(options: SuiteOptions, report: (result: CaseResult) => void): Promise<void> {
  if (options.isAgainst) return runSuiteAgainstEarlier(options, report);
  if (options.wasmPath) setWasmPaths(options.wasmPath);
  setThreadsCount(1);
  tf.env().set('PROD', true);
  dl.setBackend('cpu');
  for (const c of cases) {
    if (options.only && !`${c.name} ${c.peer}`.includes(options.only)) continue;
    report(await runCase(c, options.rounds));
  }
}
