import { join } from 'node:path';
import { built, packages, servePackages, type Library } from '../../test/models/drop-in-packages';
import { measurePairs } from '../measure';
import { isChosen, type ModelResult } from './case';

const PEER = 'tfjs-wasm';
/** A package is timed for so long at most. */
const MOST_MS = 5000;
/** Calls before, in which programs are recorded. */
const CALLS = 5;

interface WithWasm {
  readonly setWasmPaths: (folder: string) => void;
  readonly setThreadsCount: (count: number) => void;
}

/** Calls of packages that are made for TensorFlow.js, on rxtensor/tfjs and on TensorFlow.js. It runs from the project's folder. */
export async function measurePackages(only: string, report: (result: ModelResult) => void): Promise<void> {
  const server = await servePackages();
  try {
    for (const each of packages.filter(({ name }) => isChosen(only, `${name} ${PEER}`))) {
      const row = { kind: 'a call of a package', name: each.name, peer: PEER } as const;
      try {
        const [ours, theirs] = [await built(each, true), await built(each, false, 'backend-wasm')];
        const wasm = theirs.tf as Library & WithWasm;
        wasm.setWasmPaths(
          join(process.cwd(), 'test/models/node_modules/@tensorflow/tfjs-backend-wasm/dist/'),
        );
        wasm.setThreadsCount(1);
        const calls: (() => Promise<void>)[] = [];
        for (const { used, tf } of [ours, theirs]) {
          tf.env().set('PROD', true);
          await tf.setBackend('wasm');
          const call = await each.open(used as never, tf, server.address);
          for (let i = 0; i < CALLS; i++) await call();
          calls.push(() => call().then(() => undefined));
        }
        const timed = await measurePairs(calls[0]!, calls[1]!, 9, MOST_MS);
        report({ ...row, ours: timed.ours, theirs: timed.theirs, ratio: timed.paired((a, b) => b / a) });
      } catch (error) {
        report({ ...row, problem: error instanceof Error ? error.message : String(error) });
      }
    }
  } finally {
    server.close();
  }
}
