/** Finds why nothing arrives at the end of a pipeline although no promise holds a value up: a source without data, a branch that is silent, an inner stream that does not end. */
import type { Stage } from './pipeline-frame';

/** A stage that lets all below it wait. */
export interface Quiet {
  readonly stage: Stage;
  readonly forMs: number;
}

/**
 * Looks up from the end for the highest stage that gives nothing while it could.
 *
 * @param quietAfter milliseconds without a value
 */
export function quietStage(stages: readonly Stage[], quietAfter: number): Quiet | null {
  const end = stages.find(({ kind }) => kind === 'subscriber');
  if (!end) return null;
  const isQuiet = ({ quietForMs }: Stage): boolean => (quietForMs ?? 0) >= quietAfter;
  const running = runningAbove(end, stages);
  if (running.length === 0 || !running.every(isQuiet)) return null;
  let lowest = running[0]!;
  const seen = new Set<Stage>();
  for (;;) {
    seen.add(lowest);
    const above = runningAbove(lowest, stages).filter((each) => !seen.has(each));
    // What still gets values, or has nothing that runs above it, is where they end.
    if (above.length === 0 || !above.every(isQuiet)) break;
    lowest = above.reduce((a, b) => (b.quietForMs! > a.quietForMs! ? b : a));
  }
  // A source that waits until its values are finished is held up by others.
  if (lowest.waitingForMs !== null) return null;
  return { stage: gapAbove(lowest, stages) ?? lowest, forMs: lowest.quietForMs! };
}

/** The stages of ours that feed a stage and run, also through stock operators. */
function runningAbove({ id }: Stage, stages: readonly Stage[]): readonly Stage[] {
  return stages
    .filter(({ to }) => to.includes(id))
    .flatMap((each) => (each.kind === 'stock' ? runningAbove(each, stages) : [each]))
    .filter(({ state }) => state === 'running');
}

/** The stock operators above a stage, where fewer values have come out of them than have gone in. */
function gapAbove({ id, valuesIn }: Stage, stages: readonly Stage[]): Stage | null {
  const gap = stages.find(({ kind, to }) => kind === 'stock' && to.includes(id));
  if (!gap) return null;
  const given = stages.filter(({ to }) => to.includes(gap.id)).map(({ valuesOut }) => valuesOut ?? 0);
  return given.some((values) => values > (valuesIn ?? 0)) ? gap : null;
}
