/** Turns measurements into the rows of the table. */
import { hostOps } from '../../src/tensor/ops/host/host-op';
import { difference } from '../../test/support/close';
import { descriptions } from '../../test/support/ops';
import type { Measured, Outcome } from './measure';

/** The row of an op. The notes give the reason for every cell that is `no` or `fails`. */
export interface Row {
  readonly name: string;
  readonly cpu: string;
  readonly webgl: string;
  readonly gradient: string;
  readonly int32: string;
  readonly empty: string;
  readonly chainable: string;
  readonly host: string;
  readonly notes: readonly string[];
}

export const YES = '✓';
export const NO = '–';
export const FAILS = '✗';

/** The tolerance between results of WebGL and of the CPU. It is wide, since GLSL demands little accuracy of its functions. */
const AGREEMENT = 1e-4;

function isHostOp(name: string): boolean {
  const inner = name.replace(/^\w+\./, '');
  return hostOps.some((host) => inner === host || inner === `${host}Async`);
}

/** How the outcome on WebGL differs from the CPU's; null if it does not. */
function disagreement(webgl: Outcome, cpu: Outcome): string | null {
  if ('error' in webgl) return webgl.error;
  if (!('results' in webgl) || !('results' in cpu)) return null;
  if (webgl.results.length !== cpu.results.length)
    return `${webgl.results.length} results; wanted ${cpu.results.length}`;
  for (const [i, wanted] of cpu.results.entries()) {
    const found = webgl.results[i]!;
    if (found.dtype !== wanted.dtype) return `${found.dtype}; wanted ${wanted.dtype}`;
    const differs = difference(found, wanted, AGREEMENT);
    if (differs !== null) return differs;
  }
  return null;
}

/** The cell for a backend, with the reasons if it fails. */
interface Verdict {
  readonly cell: string;
  readonly notes: readonly string[];
}

/** Whether an op has the same results on WebGL as on the CPU, for all kinds of arguments, and right gradients. */
export function webglVerdict(webgl: Measured, cpu: Measured): Verdict {
  const wrong = [
    ...(['call', 'int32', 'empty'] as const).map((kind) => disagreement(webgl[kind], cpu[kind])),
    ...('errors' in webgl.gradient ? webgl.gradient.errors : []),
  ].filter((each) => each !== null);
  return wrong.length === 0
    ? { cell: YES, notes: [] }
    : { cell: FAILS, notes: wrong.map((each) => `WebGL: ${each}`) };
}

/** The cell for int32 arguments: the dtypes of the results, `no`, or `fails`. */
function int32Cell(outcome: Outcome): string {
  if ('reason' in outcome) return NO;
  if ('error' in outcome) return FAILS;
  return [...new Set(outcome.results.map(({ dtype }) => dtype || 'bytes'))].join(', ') || YES;
}

const cellOf = (outcome: Outcome): string => ('reason' in outcome ? NO : 'error' in outcome ? FAILS : YES);

function noteOf(label: string, outcome: Outcome): string[] {
  if ('reason' in outcome) return [`${label}: ${outcome.reason}`];
  return 'error' in outcome ? [`${label}: ${outcome.error}`] : [];
}

/** The row of an op. Only a page can measure the verdict on WebGL, so that it is an argument. */
export function rowOf(measured: Measured, webgl: Verdict): Row {
  const { name, call, int32, empty, gradient } = measured;
  const { noMethod } = descriptions[name]!;
  const wrongGradients = 'errors' in gradient ? gradient.errors : [];
  return {
    name,
    cpu: cellOf(call),
    webgl: webgl.cell,
    gradient: 'reason' in gradient ? NO : wrongGradients.length > 0 ? FAILS : YES,
    int32: int32Cell(int32),
    empty: cellOf(empty),
    chainable: noMethod === undefined ? YES : NO,
    host: isHostOp(name) ? 'host' : '',
    notes: [
      ...noteOf('CPU', call),
      ...webgl.notes,
      ...('reason' in gradient
        ? [`gradient: ${gradient.reason}`]
        : wrongGradients.map((each) => `gradient: ${each}`)),
      ...noteOf('int32', int32),
      ...noteOf('empty', empty),
      ...(noMethod === undefined ? [] : [`chainable: ${noMethod}`]),
    ],
  };
}
