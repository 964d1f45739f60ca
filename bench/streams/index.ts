import * as dl from 'rxtensor';
import { measurePairs } from '../measure';
import { difference } from '../difference';
import { batching } from './batching';
import type { StreamCase } from './case';
import { emission } from './emission';
import { inspectedEmission, inspectedStep } from './inspected';
import { trainStep } from './train-step';

export interface StreamOptions {
  readonly rounds: number;
  /** Only the cases whose name holds this. */
  readonly only?: string;
}

/** One cell of the table. */
export interface StreamResult {
  readonly name: string;
  readonly against: string;
  readonly asked: string;
  /** As it is to be written; absent where the case could not run. */
  readonly found?: string;
  readonly isMet?: boolean;
  /** Milliseconds a run, medians. */
  readonly ours?: number;
  readonly theirs?: number;
  readonly problem?: string;
}

const cases: readonly StreamCase[] = [emission, trainStep, batching, inspectedEmission, inspectedStep];

/** Runs every case, the two contestants in turn, and reports each as it is done. */
export async function runStreamSuite(
  { rounds, only = '' }: StreamOptions,
  report: (result: StreamResult) => void,
): Promise<void> {
  dl.setBackend('cpu');
  for (const each of cases.filter(({ name }) => name.includes(only))) report(await runCase(each, rounds));
}

async function runCase(
  { name, against, asked, figure, prepare }: StreamCase,
  rounds: number,
): Promise<StreamResult> {
  try {
    const { ours, theirs, check } = await prepare();
    const problem = check && difference(...(await check()), 1e-5);
    if (problem) return { name, against, asked, problem };
    const pairs = await measurePairs(ours, theirs, rounds);
    const value = pairs.paired(figure.of);
    return {
      name,
      against,
      asked,
      found: figure.format(value),
      isMet: figure.isMet(value),
      ours: pairs.ours,
      theirs: pairs.theirs,
    };
  } catch (error) {
    return { name, against, asked, problem: error instanceof Error ? error.message : String(error) };
  }
}
