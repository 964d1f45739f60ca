import type { Finding, Stage } from './pipeline-frame';
import { bytesText, durationText } from './quantities';
import { quietStage } from './quiet';

/** What is left of this many emissions, beyond those that are under way, is a leak. */
const LEAK_EMISSIONS = 8;
/** A source or a thread that spends this share of the time on one stage is slow because of it. */
const SLOW_SHARE = 0.5;
/** Operators of RxJS that let through less than this share of at least so many values are told of. */
const LOST_SHARE = 0.5;
const LOST_OF = 32;
/** Before so many milliseconds have passed, nothing is called slow. */
const SLOW_AFTER = 1000;

/** How a stage is named in sentences. */
function nameOf({ id, name, kind, to }: Stage, stages: readonly Stage[]): string {
  if (kind === 'subscriber') return 'the subscriber';
  if (kind !== 'stock') return name;
  const above = stages.find((each) => each.to.includes(id))?.name ?? '';
  const below = stages.find((each) => to.includes(each.id))?.name ?? '';
  return `code between ${above} and ${below} (${name})`;
}

/**
 * Finds what is wrong, the worst first.
 *
 * @param time milliseconds since the inspection began
 * @param stuckAfter milliseconds after which a value that does not go on is called stuck
 */
export function findingsIn(stages: readonly Stage[], time: number, stuckAfter: number): readonly Finding[] {
  const found = [
    ...stages.flatMap((stage) => failed(stage, stages)),
    ...stages.flatMap((stage) => stuck(stage, stages, stuckAfter)),
    ...stages.flatMap((stage) => leak(stage, stages)),
    ...waits(stages, stuckAfter),
    ...stages.flatMap((stage) => drops(stage, stages)),
    ...stages.flatMap((stage) => lost(stage, stages)),
  ];
  return [...found, ...slow(stages, time).filter(({ stage }) => found.every((each) => each.stage !== stage))];
}

function failed(stage: Stage, stages: readonly Stage[]): readonly Finding[] {
  // An error passes through all stages below: the first that has it is the cause.
  const isPassedOn = stages.some(({ to, state }) => state === 'failed' && to.includes(stage.id));
  if (stage.state !== 'failed' || isPassedOn) return [];
  return [{ kind: 'failed', stage: stage.id, text: `${nameOf(stage, stages)} failed: ${stage.error ?? ''}` }];
}

function stuck(stage: Stage, stages: readonly Stage[], stuckAfter: number): readonly Finding[] {
  const { holdsUp } = stage;
  if (!holdsUp || holdsUp.forMs < stuckAfter) return [];
  const values = holdsUp.values === 1 ? 'a value' : `${holdsUp.values} values`;
  const text = `${nameOf(stage, stages)} has held up ${values} for ${durationText(holdsUp.forMs)}: ${holdsUp.reason}`;
  return [{ kind: 'stuck', stage: stage.id, text }];
}

/** Nothing arrives, and no promise is the reason. */
function waits(stages: readonly Stage[], stuckAfter: number): readonly Finding[] {
  if (stages.some(({ state, holdsUp }) => state === 'failed' || (holdsUp && holdsUp.forMs >= stuckAfter)))
    return [];
  const quiet = quietStage(stages, stuckAfter);
  if (!quiet) return [];
  const { stage, forMs } = quiet;
  const reason = {
    source: 'it waits for its data',
    stock:
      'values have gone in that have not come out: an inner stream does not end, or a filter lets nothing through',
    operator: `${stage.valuesIn === 1 ? '1 value has' : `${stage.valuesIn} values have`} come in; it waits for others`,
    subscriber: '',
  }[stage.kind];
  const text = `${nameOf(stage, stages)} has given no value for ${durationText(forMs)}: ${reason}`;
  return [{ kind: 'waits', stage: stage.id, text }];
}

function leak(stage: Stage, stages: readonly Stage[]): readonly Finding[] {
  const { left } = stage;
  const underWay = stage.holdsUp?.values ?? 0;
  if (left.emissions < LEAK_EMISSIONS + underWay) return [];
  const text =
    `${nameOf(stage, stages)} leaks: nobody frees ${left.tensors} tensors (${bytesText(left.bytes)}) that it made or kept in ${left.emissions} ` +
    'emissions';
  return [{ kind: 'leak', stage: stage.id, text }];
}

function drops(stage: Stage, stages: readonly Stage[]): readonly Finding[] {
  const { dropped, name, id } = stage;
  if (dropped === 0) return [];
  if (LATE.test(name)) {
    const text = `${name} has had ${partText(dropped, stage.valuesIn ?? dropped)} come too late for their windows; a greater option 'lateness' waits for them, and 'onLate' gets them`;
    return [{ kind: 'late', stage: id, text }];
  }
  const all = dropped + (stage.valuesOut ?? 0);
  const slowest = slowestBelow(stage, stages);
  const why = slowest ? `; the slowest below is ${nameOf(slowest, stages)}` : '';
  const text = `${nameOf(stage, stages)} has dropped ${partText(dropped, all)}${why}`;
  return [{ kind: 'drops', stage: id, text }];
}

/** What it calls dropped has come too late. */
const LATE = /^timeWindows\b/u;

function partText(part: number, all: number): string {
  return `${part} of ${all} values (${Math.round((100 * part) / all)} %)`;
}

/** Most values do not come out of operators of RxJS. RxJS tells neither which nor why. */
function lost(stage: Stage, stages: readonly Stage[]): readonly Finding[] {
  if (stage.kind !== 'stock') return [];
  const given = Math.max(
    ...stages.filter(({ to }) => to.includes(stage.id)).map(({ valuesOut }) => valuesOut ?? 0),
  );
  const through = Math.max(
    ...stages.filter(({ id }) => stage.to.includes(id)).map(({ valuesIn }) => valuesIn ?? 0),
  );
  if (given < LOST_OF || through >= LOST_SHARE * given) return [];
  const text =
    `${nameOf(stage, stages)} has let through ${partText(through, given)}: the others were left out, as by throttleTime, sampleTime, ` +
    'filter or switchMap, or joined, as by bufferCount';
  return [{ kind: 'lost', stage: stage.id, text }];
}

/** The time that a stage takes: it runs, or holds values up. */
function takenMs({ ownMs, busyMs }: Stage): number {
  return Math.max(ownMs, busyMs);
}

function slowestBelow(stage: Stage, stages: readonly Stage[]): Stage | null {
  const reached = new Set([stage.id]);
  for (const each of stages) if (reached.has(each.id)) for (const to of each.to) reached.add(to);
  return slowestOf(stages.filter(({ id }) => id !== stage.id && reached.has(id)));
}

function slowestOf(stages: readonly Stage[]): Stage | null {
  const [slowest = null] = [...stages].sort((a, b) => takenMs(b) - takenMs(a));
  return slowest && takenMs(slowest) > 0 ? slowest : null;
}

function slow(stages: readonly Stage[], time: number): readonly Finding[] {
  if (time < SLOW_AFTER) return [];
  const waiting = stages.find(({ kind, waitedMs }) => kind === 'source' && waitedMs > SLOW_SHARE * time);
  const slowest = waiting ? slowestBelow(waiting, stages) : slowestOf(stages);
  if (waiting && (!slowest || takenMs(slowest) < 0.1 * waiting.waitedMs)) {
    const text = `${nameOf(waiting, stages)} has waited ${share(waiting.waitedMs, time)} of the time for the device, which is slower than it`;
    return [{ kind: 'slow', stage: waiting.id, text }];
  }
  if (!slowest || (!waiting && takenMs(slowest) < SLOW_SHARE * time)) return [];
  const consequence = waiting
    ? `, and ${nameOf(waiting, stages)} has waited ${share(waiting.waitedMs, time)}`
    : '';
  const text = `${nameOf(slowest, stages)} is the slowest: it takes ${share(takenMs(slowest), time)} of the time${consequence}`;
  return [{ kind: 'slow', stage: slowest.id, text }];
}

function share(milliseconds: number, time: number): string {
  return `${Math.min(100, Math.round((100 * milliseconds) / time))} %`;
}
