import type { Optimizer } from '../tensor/optimizers/optimizer';
import type { RememberedVariables } from './remembered-variables';

/** How far a source has come in its data. */
export interface Place {
  /** One subscription to one source: a position means something only beside others of the same. */
  readonly source: object;
  /** How many examples of the whole sequence have been emitted, this one included. */
  readonly position: number;
  /** How many examples an epoch has; null where nobody knows. */
  readonly length: number | null;
  readonly epochs: number;
  /** Why a later run could not begin here; null where it can. */
  readonly obstacle: string | null;
}

/** A step that an optimizer took with the value of an emission. */
export interface StepTaken {
  readonly optimizer: Optimizer;
  /** Counted as the optimizer does: 1, 2, … */
  readonly step: number;
}

/** What an emission tells of its value to operators below, also to those that emit when it has ended. */
export interface Trail {
  readonly place: Place | null;
  /** The newest first. */
  readonly steps: readonly StepTaken[];
  /** The variables as they were when the value was measured. */
  readonly measured: RememberedVariables | null;
}

export const noTrail: Trail = { place: null, steps: [], measured: null };

/** That of an emission, and then that of those around it. */
export function joinedTrails(inner: Trail, outer: Trail): Trail {
  const isNew = ({ optimizer }: StepTaken): boolean =>
    inner.steps.every((each) => each.optimizer !== optimizer);
  return {
    place: inner.place ?? outer.place,
    steps: [...inner.steps, ...outer.steps.filter(isNew)],
    measured: inner.measured ?? outer.measured,
  };
}

/** The trail of what an operator emits while examples that came before are still to be emitted: no run can begin there. */
export function withObstacle(trail: Trail, obstacle: string): Trail {
  return trail.place ? { ...trail, place: { ...trail.place, obstacle } } : trail;
}
