import type { Variable } from '../../tensor';
import { CONSTANT, INPUT, type TensorDescription } from './graph';

/** What a summary is made of. */
interface Summarised {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
  readonly nodes: readonly { readonly op: string }[];
  readonly variables: Readonly<Record<string, Variable>>;
}

/** A table of the ops, weights, inputs and outputs of a model. */
export function graphSummary({ inputs, outputs, nodes, variables }: Summarised): string {
  const shown = ({ name, shape, dtype }: TensorDescription): string =>
    `  ${name}: ${dtype ?? 'any dtype'} ${shape ? `[${shape.map((extent) => extent ?? '?').join(', ')}]` : 'of any shape'}`;
  const counts = new Map<string, number>();
  for (const { op } of nodes) if (op !== CONSTANT && op !== INPUT) counts.set(op, (counts.get(op) ?? 0) + 1);
  const ops = [...counts].sort(([, a], [, b]) => b - a).map(([op, count]) => `  ${op}: ${count}`);
  const weights = Object.values(variables);
  const parameters = weights.reduce((sum, { size }) => sum + size, 0);
  return [
    'inputs',
    ...inputs.map(shown),
    'outputs',
    ...outputs.map(shown),
    `variables: ${weights.length}, of ${parameters} numbers`,
    'ops',
    ...ops,
  ].join('\n');
}
