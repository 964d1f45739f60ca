import { dispose, Variable, type Tensor } from '../../tensor';
import { detached } from '../../tensor/detached';
import { disposePlan, type Plan } from './plan';

/** A plan that is used again. */
export interface KeptPlan {
  /** The outputs, the kinds of inputs, and which weights are trainable. */
  readonly key: string;
  readonly plan: Plan;
  /** The weights that may be folded into it, each with its values then. Since they are shared, no optimizer writes into them. */
  readonly folded: readonly (readonly [Variable, Tensor])[];
  /** How many runs follow it now: they may have to wait. */
  runs: number;
  isForgotten: boolean;
}

export function keptPlan(key: string, plan: Plan): KeptPlan {
  const frozen = [...plan.weights.values()].filter(
    (each): each is Variable => each instanceof Variable && !each.trainable,
  );
  const folded = frozen.map((each) => [each, detached<Tensor>(each)] as const);
  return { key, plan, folded, runs: 0, isForgotten: false };
}

/** Whether a weight that was folded has other values now. */
export function isStale({ folded }: KeptPlan): boolean {
  return folded.some(([{ storage }, values]) => values.storage !== storage);
}

/** Whether they hold for the same inputs. */
export function isSamePlan(a: KeptPlan, b: KeptPlan): boolean {
  return a.key === b.key && JSON.stringify(a.plan.guards) === JSON.stringify(b.plan.guards);
}

export function freeKept({ plan, folded }: KeptPlan): void {
  disposePlan(plan);
  dispose(folded.map(([, values]) => values));
}
