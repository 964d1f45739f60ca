/** A sample call for every op that there is. */
import type { Tensor } from '../../src/tensor';
import * as ops from '../../src/tensor/ops';
import { gradientRows, type GradientRow } from '../../test/support/gradient-rows';
import { sample } from '../../test/support/reference';
import { constantCalls, reasonOfConstant } from './constant-calls';
import { makingCalls } from './making-calls';
import { overrides } from './overrides';
import { callOf, type SampleCall } from './sample-call';

/** The gradient rows of an op, the first of them the one with its name if there is one. */
export function gradientRowsOf(name: string): GradientRow[] {
  const named = gradientRows[name];
  return [
    ...(named && (named.op ?? name) === name ? [named] : []),
    ...Object.values(gradientRows).filter(({ op }) => op === name),
  ];
}

type OfTensors = (...inputs: Tensor[]) => Tensor;

/** `addStrict` and its like: `add` with its operands of one shape. */
function strictForm(name: string): SampleCall | undefined {
  const base = /^(\w+)Strict$/.exec(name)?.[1];
  if (base === undefined) return undefined;
  const f = (ops as unknown as Record<string, OfTensors>)[name]!;
  const row = gradientRowsOf(base)[0];
  const at = row?.at ?? [
    [1, 2, 3],
    [3, 2, 1],
  ];
  return callOf(f, at, { gradient: row ? { ...row, f } : (reasonOfConstant(base) ?? '') });
}

/** `batchNorm3d`, `batchNormalization` and their like: batchNorm of one rank, and with its arguments in another order. */
function normalizingForm(name: string): SampleCall | undefined {
  const parts = /^batchNorm(alization)?([234]?)d?$/.exec(name);
  if (!parts || name === 'batchNorm') return undefined;
  const [, reordered, rank] = parts;
  const form = (ops as unknown as Record<string, (...args: unknown[]) => Tensor>)[name]!;
  const f: OfTensors = (x, mean, variance, offset, scale) =>
    reordered ? form(x, mean, variance, 0.001, scale, offset) : form(x, mean, variance, offset, scale);
  const shape = [...new Array<number>((rank ? Number(rank) : 2) - 1).fill(2), 3];
  const at = [sample(shape, 1), sample([3], 2), sample([3], 3, 0.5, 2), sample([3], 4), sample([3], 5)];
  const empty = (): unknown =>
    f(ops.zeros([0, ...shape.slice(1)]), ops.zeros([3]), ops.ones([3]), ops.zeros([3]), ops.ones([3]));
  return callOf(f, at, { gradient: { f, at }, empty });
}

function ofGradientRow(name: string): SampleCall | undefined {
  const row = gradientRowsOf(name)[0];
  return row && callOf(row.f, row.at, { gradient: row });
}

/** How an op is called for the table; undefined for one that nobody has said it of. */
export function sampleCallOf(name: string): SampleCall | undefined {
  const found =
    makingCalls[name] ??
    constantCalls[name] ??
    ofGradientRow(name) ??
    strictForm(name) ??
    normalizingForm(name);
  return found && { ...found, ...overrides[name] };
}
