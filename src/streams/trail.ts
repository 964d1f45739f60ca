import type { RememberedVariables } from './ownership/remembered-variables';
import type { TrainingSteps } from './training/training-steps';

/** A place in the data of a source. */
export interface Place {
  /** The identity of one subscription to one source: positions are comparable only within it. */
  readonly source: string;
  /** How many examples of the whole sequence have been emitted, including this one. */
  readonly position: number;
  /** How many examples an epoch has; null when it is unknown. */
  readonly length: number | null;
  readonly epochs: number;
  /** Why a later run cannot begin here; null when it can. */
  readonly obstacle: string | null;
  /** Whether a later value of the same stream may have no obstacle. */
  readonly passes?: boolean;
  /** The share of the source's bytes that has been read, 0 to 1, where the length is unknown but the bytes are counted. */
  readonly fraction?: number | null;
}

/** A step that an optimizer took with the value of an emission. */
export interface StepTaken {
  /** All steps of that optimizer. */
  readonly training: TrainingSteps;
  /** Its number: the optimizer counts 1, 2, … */
  readonly step: number;
}

/** When a frame was taken, as its source tells it. */
export interface FrameTime {
  /** Its time in its medium, in seconds: 0 is the beginning of a film, and any moment of a camera. It goes back where a film is wound back. */
  readonly media: number;
  /**
   * When the camera took it, in milliseconds since 1970; where the browser does not tell that, when the picture was shown or came. It never goes back within a
   * source, and means the same on a page and in its workers.
   */
  readonly capture: number;
}

/**
 * The history of a value: its place in the data and the steps taken with it. Its emission carries the trail to operators below; operators that
 * emit later pass it on. It also crosses between page and worker, without the variables.
 */
export interface Trail {
  readonly place: Place | null;
  /** The newest first. */
  readonly steps: readonly StepTaken[];
  /** When the value's frame was taken; null when the source does not say. */
  readonly time: FrameTime | null;
  /** The variables that the value was measured with. */
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

/** The same trail, with the reason why no run can begin at its place. `passes`: whether a later value may have none. */
export function withObstacle(trail: Trail, obstacle: string, passes?: boolean): Trail {
  return trail.place ? { ...trail, place: { ...trail.place, obstacle, passes } } : trail;
}
