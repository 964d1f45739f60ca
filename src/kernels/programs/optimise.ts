import { withActivationsInProducts } from './passes/activations';
import { withBiasesInProducts } from './passes/biases';
import { withoutCommonSteps } from './passes/common-steps';
import { withoutDeadSteps } from './passes/dead-steps';
import { withoutSumsOfPads } from './passes/sums-of-pads';
import { withPadsInConvolutions } from './passes/pads';
import { withTransposesInProducts } from './passes/transposes';
import type { Program } from './program';

type Pass = (program: Program) => Program;

/** The passes in their order. Dead steps are left out again behind those that leave steps which nobody reads any more. */
const exact: readonly Pass[] = [
  withoutDeadSteps,
  withoutCommonSteps,
  withoutSumsOfPads,
  (program) => withTransposesInProducts(program, 'first'),
  withActivationsInProducts,
  withoutDeadSteps,
];

const close: readonly Pass[] = [
  withoutDeadSteps,
  withoutCommonSteps,
  withoutSumsOfPads,
  withPadsInConvolutions,
  (program) => withTransposesInProducts(program, 'both'),
  withBiasesInProducts,
  withActivationsInProducts,
  withoutDeadSteps,
];

/**
 * A program that gives the same in fewer steps.
 *
 * @param rounding `same`: results have the same bits on the CPU; `close`: they may differ as those of a sum in another order do
 */
export function optimise(program: Program, rounding: 'same' | 'close' = 'same'): Program {
  return (rounding === 'same' ? exact : close).reduce((before, pass) => pass(before), program);
}
