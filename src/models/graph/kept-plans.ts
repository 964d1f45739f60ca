import { dispose, Variable, type Tensor } from '../../tensor';
import { detached } from '../../tensor/detached';
import { isDryRun } from '../../tensor/dry-run';
import { disposePlan, type Plan } from './plan';
import { OTHER_WAY } from './step';
import type { Waiting } from './value';

/** So many plans of a model are kept; the least recently used goes first. */
const MOST_PLANS = 16;

/** A plan that is used again. */
interface KeptPlan {
  /** The outputs, the kinds of inputs, and which weights are trainable. */
  readonly key: string;
  readonly plan: Plan;
  /** The weights that may be folded into it, each with its values then. Since they are shared, no optimizer writes into them. */
  readonly folded: readonly (readonly [Variable, Tensor])[];
  /** How many runs follow it now: they may have to wait. */
  runs: number;
  isForgotten: boolean;
}

/** The plans of a model that are used again. */
export interface KeptPlans {
  /**
   * Tries the plans of a key in turn.
   *
   * @returns what the first that holds gives; OTHER_WAY if none holds
   */
  readonly run: <T>(
    key: string,
    follow: (plan: Plan) => Waiting<T | typeof OTHER_WAY>,
  ) => Waiting<T | typeof OTHER_WAY>;
  /** Keeps a plan, which it owns from now on. */
  readonly keep: (key: string, plan: Plan) => void;
  /** Frees them all; one that is being followed, at its end. */
  readonly dispose: () => void;
}

export function keptPlans(): KeptPlans {
  /** The last used comes last. */
  let all: KeptPlan[] = [];
  const forget = (kept: KeptPlan): void => {
    all = all.filter((each) => each !== kept);
    kept.isForgotten = true;
    if (kept.runs === 0) free(kept);
  };
  return {
    *run(key, follow) {
      for (const kept of all) if (isStale(kept)) forget(kept);
      for (const kept of all.filter((each) => each.key === key)) {
        // While another was tried, it may have gone.
        if (kept.isForgotten) continue;
        kept.runs++;
        try {
          const results = yield* follow(kept.plan);
          if (results === OTHER_WAY) continue;
          if (!kept.isForgotten) all = [...all.filter((each) => each !== kept), kept];
          return results;
        } finally {
          kept.runs--;
          if (kept.isForgotten && kept.runs === 0) free(kept);
        }
      }
      return OTHER_WAY;
    },
    keep(key, plan) {
      // What a dry run has folded has no values.
      if (isDryRun()) {
        disposePlan(plan);
        return;
      }
      // Runs at the same time may have made the same one.
      for (const each of all) if (isSamePlan(each, key, plan)) forget(each);
      all.push({ key, plan, folded: foldedInto(plan), runs: 0, isForgotten: false });
      while (all.length > MOST_PLANS) forget(all[0]!);
    },
    dispose() {
      for (const kept of all) forget(kept);
    },
  };
}

function foldedInto({ weights }: Plan): KeptPlan['folded'] {
  const frozen = [...weights.values()].filter(
    (each): each is Variable => each instanceof Variable && !each.trainable,
  );
  return frozen.map((each) => [each, detached<Tensor>(each)] as const);
}

/** Whether a weight that was folded has other values now. */
function isStale({ folded }: KeptPlan): boolean {
  return folded.some(([{ storage }, values]) => values.storage !== storage);
}

/** Whether a plan holds for the same inputs. */
function isSamePlan(kept: KeptPlan, key: string, { guards }: Plan): boolean {
  return kept.key === key && JSON.stringify(kept.plan.guards) === JSON.stringify(guards);
}

function free({ plan, folded }: KeptPlan): void {
  disposePlan(plan);
  dispose(folded.map(([, values]) => values));
}
