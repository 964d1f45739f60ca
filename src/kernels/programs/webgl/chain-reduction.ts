import type { TensorInfo } from '../../backend';
import type { KernelAttributes } from '../../kernel-table';
import type { WebGLBackend } from '../../webgl/backend';
import { reduceMapped } from '../../webgl/reduce';
import type { ReductionOperand } from '../passes/reductions-of-chains';
import type { ChainSource } from './row-chain';

/** Reduces the value of a chain along rows, which is computed as its operands are read. */
export function reduceChain(
  backend: WebGLBackend,
  { program, functions }: ChainSource,
  kinds: readonly ReductionOperand[],
  from: readonly TensorInfo[],
  to: TensorInfo,
  { name, ...view }: KernelAttributes['reduce'],
): void {
  const first = kinds.indexOf('element');
  const named = (kind: ReductionOperand): Record<string, TensorInfo> =>
    Object.fromEntries(
      from.flatMap((operand, i) => (kinds[i] === kind && i !== first ? [[`v${i}`, operand]] : [])),
    );
  const argument = (kind: ReductionOperand, i: number): string =>
    i === first ? 'x' : kind === 'number' ? `v${i}_at(0)` : `v${i}`;
  reduceMapped(backend, from[first]!, to, name, view, {
    name: `${program} ${kinds.join()}`,
    functions,
    inputs: named('number'),
    beside: named('element'),
    ofRow: named('row'),
    expression: `chain(${kinds.map(argument).join(', ')})`,
  });
}
