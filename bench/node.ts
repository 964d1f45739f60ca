// The suite in Node, run by main.ts as a process of its own: results go to the parent one by one.
import { runScaleSuite } from './scale';
import { runStreamSuite } from './streams';
import { runSuite, type SuiteOptions } from './suite';

// jax-js asks it for the number of cores; Node has it from version 21 on.
if (!('navigator' in globalThis))
  Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: 1 } });

const options = JSON.parse(process.argv[2] ?? '{}') as SuiteOptions;
const run = options.scale ? runScaleSuite : options.streams ? runStreamSuite : runSuite;
void run(options, (result) => process.send?.(result)).then(() => process.exit(0));
