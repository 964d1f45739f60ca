import type { Scenario } from './description';
import type { PlainRun } from './runs';

/** What one step may have alive besides what it holds while an emission passes: what goes in, what comes out, and what lies between. */
const PER_STEP = 8;

/**
 * How many tensors may be alive at once: those that operators hold, and a few for each emission that is open. Emissions nest as deeply as
 * there are steps, and once more for each time that a value is fed back. Of a value that gathers all that came, each tensor is lent, and has a
 * sum of its own, to which the sum of those before it is added.
 */
export function peakBound(scenario: Scenario, { heldTensors, gatheredTensors }: PlainRun): number {
  const feeds = Math.max(...scenario.subscribers.map((subscriber) => subscriber.feeds));
  return heldTensors + 3 * gatheredTensors + PER_STEP * (1 + feeds) * nesting(scenario.pipeline);
}

function nesting(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce<number>((sum, each) => sum + nesting(each), 0);
  if ('op' in value && value.op === 'feedback')
    return (1 + inside) * (1 + (value as unknown as { times: number }).times);
  return 'op' in value || 'source' in value ? 1 + inside : inside;
}
