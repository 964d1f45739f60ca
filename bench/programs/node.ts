// The suite of programs in Node, run by main.ts as a process of its own: results go to the parent one by one.
import type { SuiteOptions } from '../suite';
import { runProgramSuite } from './suite';

const options = JSON.parse(process.argv[2] ?? '{}') as SuiteOptions;
void runProgramSuite(options, (result) => process.send?.(result)).then(() => process.exit(0));
