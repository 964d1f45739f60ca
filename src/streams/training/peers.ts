import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { Output } from '../operator';
import type { Contribution } from './accumulation';
import type { ClippingOptions } from './clipping';
import type { HyperparameterOptions } from './hyperparameters';

/** The members of a run that take each step together, from `dataParallel` of `rxtensor/nats`. */
export interface Peers {
  /** The names of the members at present, in the order in which their gradients are summed; empty before this one has joined. */
  readonly members: readonly string[];
}

/** The parts of a step that members take together. */
export interface SharedStep {
  readonly optimizer: Optimizer;
  /** How the steps are taken: what is the same from the first to the last, all members must have alike. */
  readonly options: HyperparameterOptions &
    ClippingOptions & { readonly onNaN?: string; readonly metrics?: object };
  /** Opens an emission, as `emit` of an output. */
  readonly emit: Output<unknown>['emit'];
  /** The loss and gradients of a batch. Call it in an emission. */
  readonly contribution: (batch: unknown) => Contribution;
  /** Takes the step with the mean of all members' contributions, and returns what is emitted. Call it in an emission. */
  readonly step: (mean: Contribution) => unknown;
}

/** Takes steps together with other members. Values may come while an earlier step waits for them. */
export interface SharedSteps {
  readonly next: (batch: unknown) => void;
  /**
   * Runs `work` when all steps have been taken, here and by the members that still need this one's help. On completion, a member that skipped steps takes
   * over the variables first.
   */
  readonly afterwards: (work: () => void, isComplete?: boolean) => void;
  readonly leave: () => void;
}

/** The key of the function that begins shared steps. */
export const SHARED_STEPS = Symbol('shared steps');

/** What {@link Peers} are to `trainStep`. */
export interface PeersOfSteps extends Peers {
  readonly [SHARED_STEPS]: (name: string, output: Output<unknown>, parts: SharedStep) => SharedSteps;
}
