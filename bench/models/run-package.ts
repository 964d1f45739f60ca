import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packages, type Library } from '../../test/models/drop-in-calls';
import { measurePairs } from '../measure';
import type { Compared, PackageRun } from './case';

/** A package is timed for so long at most. */
const MOST_MS = 5000;
/** Calls before, in which programs are recorded. */
const CALLS = 5;

interface WithWasm {
  readonly setWasmPaths: (folder: string) => void;
  readonly setThreadsCount: (count: number) => void;
}

interface Module {
  readonly used: unknown;
  readonly tf: Library;
}

/** Calls of a package on rxtensor/tfjs and on TensorFlow.js's WebAssembly backend, in a process of its own: copies of TensorFlow.js share one engine. */
export async function runPackage({ name, ours, theirs, address }: PackageRun): Promise<Compared> {
  const { open } = packages.find((each) => each.name === name)!;
  const calls: (() => Promise<void>)[] = [];
  for (const file of [ours, theirs]) {
    const { used, tf } = (await import(pathToFileURL(file).href)) as Module;
    if (file === theirs) {
      const wasm = tf as Library & WithWasm;
      wasm.setWasmPaths(join(process.cwd(), 'test/models/node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
      wasm.setThreadsCount(1);
    }
    tf.env().set('PROD', true);
    await tf.setBackend('wasm');
    const call = await open(used as never, tf, address);
    for (let i = 0; i < CALLS; i++) await call();
    calls.push(() => call().then(() => undefined));
  }
  const timed = await measurePairs(calls[0]!, calls[1]!, 9, MOST_MS);
  return { ours: timed.ours, theirs: timed.theirs, ratio: timed.paired((a, b) => b / a) };
}
