import { withActivationsInProducts } from './passes/activations';
import { withoutCommonSteps } from './passes/common-steps';
import { withoutDeadSteps } from './passes/dead-steps';
import { withPadsInConvolutions } from './passes/pads';
import { withTransposesInProducts } from './passes/transposes';
import type { Program } from './program';

/** The passes that every backend gains from, in order. Each gives the same bits. */
const passes: readonly ((program: Program) => Program)[] = [
  withoutDeadSteps,
  withoutCommonSteps,
  withPadsInConvolutions,
  withTransposesInProducts,
  withActivationsInProducts,
  // Behind the passes that leave steps which nobody reads any more.
  withoutDeadSteps,
];

/** A program that gives the same in fewer steps. */
export function optimise(program: Program): Program {
  return passes.reduce((before, pass) => pass(before), program);
}
