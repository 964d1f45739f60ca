import type { FrameTime, Place, Trail } from '../streams/trail';
import { noTrail } from '../streams/trail';
import { TrainingSteps } from '../streams/training/training-steps';

/** A {@link Trail} in a form that can be posted. It leaves out the variables. */
export interface PortableTrail {
  readonly place: Place | null;
  /** The training steps, the newest first. Each has the `id` of its {@link TrainingSteps}. */
  readonly steps: readonly { readonly id: string; readonly step: number }[];
  readonly time: FrameTime | null;
}

/** Converts trails for one connection between two threads. */
export interface TrailCrossing {
  /** Converts a trail. Returns null when the trail is empty. */
  readonly toPortable: (trail: Trail) => PortableTrail | null;
  readonly fromPortable: (portable: PortableTrail | null) => Trail;
}

const CROSSED =
  'the examples have crossed between page and worker, and a checkpoint has the random numbers of one side only';

/** Makes the converter. A step that crosses and comes back belongs to the same {@link TrainingSteps} as before. */
export function trailCrossing(): TrailCrossing {
  const known = new Map<string, TrainingSteps>();
  const stepsOf = (id: string): TrainingSteps => {
    const steps = known.get(id) ?? new TrainingSteps(id, null);
    known.set(id, steps);
    return steps;
  };
  return {
    toPortable: ({ place, steps, time }) => {
      if (!place && steps.length === 0 && !time) return null;
      for (const { training } of steps) known.set(training.id, training);
      return { place, steps: steps.map(({ training, step }) => ({ id: training.id, step })), time };
    },
    fromPortable: (portable) => {
      if (!portable) return noTrail;
      const { place, steps, time } = portable;
      return {
        ...noTrail,
        place: place && { ...place, obstacle: place.obstacle ?? CROSSED },
        steps: steps.map(({ id, step }) => ({ training: stepsOf(id), step })),
        time,
      };
    },
  };
}
