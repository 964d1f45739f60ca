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

/** The description of each op. If one is missing, this does not compile. A spec finds descriptions of ops that do not exist. */
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

/** The test cases for the gradient of an op, by name. The result is empty if the op has no gradient. */
function gradientRowsOf(name: string, { gradient }: OpDescription): GradientRows {
  if (typeof gradient === 'string') return {};
  return isRow(gradient) ? { [name]: gradient } : gradient;
}

function isRow(gradient: GradientRow | GradientRows): gradient is GradientRow {
  return typeof gradient.f === 'function';
}

/** The gradient test cases of all ops, by name. */
export const gradientRows: GradientRows = Object.fromEntries(
  Object.entries(descriptions).flatMap(([name, description]) =>
    Object.entries(gradientRowsOf(name, description)),
  ),
);

/** The test cases for the gradient of an op, or the reason why it has no gradient. */
export function gradientOf(name: string): readonly GradientRow[] | string {
  const description = descriptions[name]!;
  return typeof description.gradient === 'string'
    ? description.gradient
    : Object.values(gradientRowsOf(name, description));
}

/** The calls of an op that are run to write docs/ops.md. */
export function sampleCallOf(name: string): SampleCall {
  const { gradient, sample } = descriptions[name]!;
  if (typeof gradient === 'string') return sample as SampleCall;
  const [row] = gradientOf(name) as readonly [GradientRow];
  return { ...callsOf(row.f, row.at), ...sample };
}
