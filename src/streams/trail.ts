import type { RememberedVariables } from './remembered-variables';
import type { TrainingSteps } from './training/training-steps';

/** How far a source has come in its data. */
export interface Place {
  /** The identity of one subscription to one source: positions are comparable only within it. */
  readonly source: string;
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
  /** All steps of that optimizer. */
  readonly training: TrainingSteps;
  /** Counted as the optimizer does: 1, 2, … */
  readonly step: number;
}

/**
 * What operators below an emission know of its value, also those that emit when it has ended. It crosses between page and worker, but
 * for the variables.
 */
export interface Trail {
  readonly place: Place | null;
  /** The newest first. */
  readonly steps: readonly StepTaken[];
  /** When the frame was taken that the value comes from, in ms since 1970; null where no source says so. */
  readonly time: number | null;
  /** The variables as they were when the value was measured. */
  readonly measured: RememberedVariables | null;
}

export const noTrail: Trail = { place: null, steps: [], time: null, measured: null };

/** The trail of an emission, joined with the trails of the emissions around it; the inner one decides. */
export function joinedTrails(inner: Trail, outer: Trail): Trail {
  const isNew = ({ training }: StepTaken): boolean => inner.steps.every((each) => each.training !== training);
  return {
    place: inner.place ?? outer.place,
    steps: [...inner.steps, ...outer.steps.filter(isNew)],
    time: inner.time ?? outer.time,
    measured: inner.measured ?? outer.measured,
  };
}

/** The same trail, with the reason why no run can begin at its place. */
export function withObstacle(trail: Trail, obstacle: string): Trail {
  return trail.place ? { ...trail, place: { ...trail.place, obstacle } } : trail;
}
