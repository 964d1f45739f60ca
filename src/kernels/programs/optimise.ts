import { withActivationsInProducts } from './passes/activations';
import { withBatchNormsInProducts } from './passes/batch-norms';
import { withBiasesInProducts } from './passes/biases';
import { withoutCommonSteps } from './passes/common-steps';
import { withoutDeadSteps } from './passes/dead-steps';
import { withJoinedProducts } from './passes/sums-of-products';
import { withoutSumsOfPads } from './passes/sums-of-pads';
import { withMasksBeforePools, withSmallSumsOfPools } from './passes/max-pool-gradients';
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
  /** The roundings that it is for. `same elsewhere`: also where bits are to be the same, but on the CPU, where that holds for every NaN. */
  readonly for: readonly (Rounding | 'same elsewhere')[];
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
  { name: 'sums of products', run: withJoinedProducts, for: ['close'] },
  { name: 'biases in products', run: withBiasesInProducts, for: ['close'] },
  { name: 'batch norms in products', run: withBatchNormsInProducts, for: ['close'] },
  { name: 'masks before max-pools', run: withMasksBeforePools, for: ['close', 'same elsewhere'] },
  { name: 'sums of max-pools', run: withSmallSumsOfPools, for: ['close'] },
  { name: 'activations in products', run: withActivationsInProducts, for: both },
  { name: 'dead steps', run: withoutDeadSteps, for: both },
];

/**
 * A program that gives the same in fewer steps.
 *
 * @param rounding `same`: results have the same bits on the CPU; `close`: they may differ as those of a sum in another order do
 * @param isCpu whether it is for the CPU
 */
export function optimise(program: Program, rounding: Rounding = 'same', isCpu = true): Program {
  return passes
    .filter((pass) => pass.for.includes(rounding) || (!isCpu && pass.for.includes('same elsewhere')))
    .reduce((before, { run }) => run(before), program);
}
