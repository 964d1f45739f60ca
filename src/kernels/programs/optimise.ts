import type { Backend } from '../backend';
import { withActivationsInProducts } from './passes/activations';
import { withBatchNormsInProducts } from './passes/batch-norms';
import { withBiasesInProducts } from './passes/biases';
import { withoutCommonSteps } from './passes/common-steps';
import { withoutDeadSteps } from './passes/dead-steps';
import { withoutSumsOfPads } from './passes/sums-of-pads';
import { withSmallMaxPoolGradients } from './passes/max-pool-gradients';
import { withNarrowProducts } from './passes/narrow-products';
import { withPadsInConvolutions } from './passes/pads';
import { withTransposesInProducts } from './passes/transposes';
import type { Program } from './program';

/** For results that keep their bits on the CPU, and for those that may differ as sums in another order do. */
export type Rounding = 'same' | 'close';

/** A function from program to program, by its name. */
export interface Pass {
  readonly name: string;
  readonly run: (program: Program) => Program;
  /** The roundings that it is for. */
  readonly for: readonly Rounding[];
}

const both = ['same', 'close'] as const;

/** The passes in their order. Dead steps are left out again behind those that leave steps which nobody reads any more. */
export const passes: readonly Pass[] = [
  { name: 'dead steps', run: withoutDeadSteps, for: both },
  { name: 'common steps', run: withoutCommonSteps, for: both },
  { name: 'sums of pads', run: withoutSumsOfPads, for: both },
  { name: 'narrow products', run: withNarrowProducts, for: both },
  { name: 'common steps', run: withoutCommonSteps, for: both },
  { name: 'pads in convolutions', run: withPadsInConvolutions, for: ['close'] },
  {
    name: 'transposes in products',
    run: (program) => withTransposesInProducts(program, 'first'),
    for: ['same'],
  },
  {
    name: 'transposes in products',
    run: (program) => withTransposesInProducts(program, 'both'),
    for: ['close'],
  },
  { name: 'biases in products', run: withBiasesInProducts, for: ['close'] },
  { name: 'batch norms in products', run: withBatchNormsInProducts, for: ['close'] },
  { name: 'gradients of max-pools', run: withSmallMaxPoolGradients, for: ['close'] },
  { name: 'activations in products', run: withActivationsInProducts, for: both },
  { name: 'dead steps', run: withoutDeadSteps, for: both },
];

/**
 * A program that gives the same in fewer steps.
 *
 * @param rounding `same`: results have the same bits on the CPU; `close`: they may differ as those of a sum in another order do
 */
export function optimise(program: Program, rounding: Rounding = 'same'): Program {
  return passes
    .filter((pass) => pass.for.includes(rounding))
    .reduce((before, { run }) => run(before), program);
}

/**
 * A program that gives the same in fewer steps on a backend. Bits are promised on the CPU alone: elsewhere each device has its own, so that
 * results may always be close.
 */
export function optimiseFor(backend: Backend, program: Program, rounding: Rounding): Program {
  return optimise(program, backend.name === 'cpu' ? rounding : 'close');
}
