import { convolutions } from './convolutions';
import type { GradientRow, GradientRows, OpDescription, OpName, SampleCall } from './description';
import { callsOf } from './description';
import { elementwise } from './elementwise';
import { host } from './host';
import { images } from './images';
import { indexing } from './indexing';
import { layers } from './layers';
import { lossOps } from './losses';
import { making } from './making';
import { pixels } from './pixels';
import { products } from './products';
import { ranked } from './ranked';
import { reductions } from './reductions';
import { shaping } from './shaping';

export type { GradientRow, GradientRows, OpDescription, SampleCall } from './description';

/** The description of each op. A missing one is a compile error; a spec finds descriptions without an op. */
const described = {
  ...elementwise,
  ...reductions,
  ...making,
  ...pixels,
  ...shaping,
  ...ranked,
  ...indexing,
  ...host,
  ...products,
  ...convolutions,
  ...layers,
  ...lossOps,
  ...images,
} satisfies Record<OpName, OpDescription>;

export const descriptions: Readonly<Record<string, OpDescription>> = described;

/** The cases in which the gradient of an op is checked, by name; empty if it has no gradient. */
function gradientRowsOf(name: string, { gradient }: OpDescription): GradientRows {
  if (typeof gradient === 'string') return {};
  return isRow(gradient) ? { [name]: gradient } : gradient;
}

function isRow(gradient: GradientRow | GradientRows): gradient is GradientRow {
  return typeof gradient.f === 'function';
}

/** All cases in which gradients are checked, by name. */
export const gradientRows: GradientRows = Object.fromEntries(
  Object.entries(descriptions).flatMap(([name, description]) =>
    Object.entries(gradientRowsOf(name, description)),
  ),
);

/** The cases in which the gradient of an op is checked, or the reason why it has none. */
export function gradientOf(name: string): readonly GradientRow[] | string {
  const description = descriptions[name]!;
  return typeof description.gradient === 'string'
    ? description.gradient
    : Object.values(gradientRowsOf(name, description));
}

/** The calls of an op by which docs/ops.md is measured. */
export function sampleCallOf(name: string): SampleCall {
  const { gradient, sample } = descriptions[name]!;
  if (typeof gradient === 'string') return sample as SampleCall;
  const [row] = gradientOf(name) as readonly [GradientRow];
  return { ...callsOf(row.f, row.at), ...sample };
}
