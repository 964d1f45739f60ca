import type { Storage } from '../tensor/device';
import { BYTES_PER_ELEMENT } from '../kernels';
import type { Place, Work } from './place';
import { messageOf } from './quantities';
import type { Recorder } from './recorder';
import type { Stage, StageHold } from './pipeline-frame';
import type { Left } from './storages';

/** The places from which values reach `end`, each before those that it feeds. */
function placesAbove(places: Iterable<Place>, end: Place): readonly Place[] {
  const above = new Map<Place, Place[]>();
  for (const place of places)
    for (const to of place.to.keys()) above.set(to, [...(above.get(to) ?? []), place]);
  const ordered: Place[] = [];
  const seen = new Set<Place>();
  const visit = (place: Place): void => {
    if (seen.has(place)) return;
    seen.add(place);
    for (const each of above.get(place) ?? []) visit(each);
    ordered.push(place);
  };
  visit(end);
  return ordered;
}

/** What the recorder knows of the pipeline that ends in a subscriber. */
export function stagesOf(recorder: Recorder, end: Place): readonly Stage[] {
  const now = recorder.now();
  const places = placesAbove(recorder.places, end);
  const included = new Set(places);
  const held = new Set<Storage>();
  for (const place of recorder.places)
    for (const tensors of place.kept()) for (const tensor of tensors) held.add(tensor.storage);
  const left = recorder.storages.left(held);
  const names = namesOf(places);
  return places.flatMap((place) => {
    const targets = [...place.to].filter(([to]) => included.has(to));
    const gaps = targets.filter(([to, links]) => links !== 0 && to.kind !== 'subscriber');
    const gapId = -place.id;
    // What lies below the last operator is the subscriber, with its stock operators.
    const sole = places.filter((each) => each.to.has(place));
    const works =
      place.kind === 'subscriber'
        ? sole
            .filter(({ to }) => [...to].every(([each, links]) => each === place || links === 0))
            .map((each) => each.below)
        : [place.own];
    const to = targets.map(([each, links]) => (links !== 0 && each.kind !== 'subscriber' ? gapId : each.id));
    const stage = stageOf(place, names.get(place)!, works, [...new Set(to)], now, left);
    if (gaps.length === 0) return [stage];
    const [, links] = gaps[0]!;
    return [
      stage,
      stockStage(
        gapId,
        links,
        place.below,
        gaps.map(([each]) => each.id),
        place,
        now,
        left,
      ),
    ];
  });
}

/** The names of places; the second `mapTensor` is `mapTensor 2`. */
function namesOf(places: readonly Place[]): ReadonlyMap<Place, string> {
  const counts = new Map<string, number>();
  return new Map(
    places.map((place) => {
      const count = (counts.get(place.name) ?? 0) + 1;
      counts.set(place.name, count);
      return [place, count === 1 ? place.name : `${place.name} ${count}`];
    }),
  );
}

function stageOf(
  place: Place,
  name: string,
  works: readonly Work[],
  to: readonly number[],
  now: number,
  left: ReadonlyMap<Work, Left>,
): Stage {
  const isSubscriber = place.kind === 'subscriber';
  const kept = place.kept();
  const waited = place.waited(now);
  const { error } = place;
  return {
    id: place.id,
    name,
    kind: place.kind,
    to,
    state: place.state,
    error: place.state === 'failed' ? messageOf(error) : null,
    subscriptions: place.subscriptions,
    living: place.living,
    valuesIn: place.kind === 'operator' ? place.incoming.count : null,
    valuesOut: isSubscriber ? null : place.outgoing.count,
    perSecond: isSubscriber ? null : place.outgoing.now(now),
    latency: place.kind === 'operator' ? place.latencies.summary() : null,
    ...measured(works, now, left),
    held: {
      values: kept.length,
      tensors: kept.reduce((sum, tensors) => sum + tensors.length, 0),
      bytes: kept.flat().reduce((sum, { size }) => sum + size * BYTES_PER_ELEMENT, 0),
    },
    dropped: place.dropped,
    waitedMs: waited.totalMs,
    waitingForMs: waited.forMs,
    quietForMs: isSubscriber || place.state !== 'running' ? null : now - place.lastOut,
  };
}

function stockStage(
  id: number,
  links: number | null,
  work: Work,
  to: readonly number[],
  { state, living, subscriptions }: Place,
  now: number,
  left: ReadonlyMap<Work, Left>,
): Stage {
  const name =
    links === null ? 'operators of RxJS' : `${links} ${links === 1 ? 'operator' : 'operators'} of RxJS`;
  return {
    ...{
      id,
      name,
      kind: 'stock',
      to,
      state: state === 'failed' ? 'running' : state,
      error: null,
      subscriptions,
      living,
    },
    ...{ valuesIn: null, valuesOut: null, perSecond: null, latency: null },
    ...measured([work], now, left),
    ...{
      held: { values: 0, tensors: 0, bytes: 0 },
      dropped: 0,
      waitedMs: 0,
      waitingForMs: null,
      quietForMs: null,
    },
  };
}

function measured(
  works: readonly Work[],
  now: number,
  left: ReadonlyMap<Work, Left>,
): Pick<Stage, 'ownMs' | 'busyMs' | 'left' | 'holdsUp'> {
  const lefts = works.flatMap((work) => left.get(work) ?? []);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return {
    ownMs: sum(works.map(({ ownMs }) => ownMs)),
    busyMs: sum(works.map((work) => work.holdMs(now))),
    left: {
      tensors: sum(lefts.map(({ storages }) => storages)),
      bytes: sum(lefts.map(({ bytes }) => bytes)),
      emissions: sum(lefts.map(({ turns }) => turns.length)),
    },
    holdsUp: holdOf(works, now),
  };
}

function holdOf(works: readonly Work[], now: number): StageHold | null {
  const all = works.flatMap(({ heldUp }) => [...heldUp]).sort((a, b) => a.since - b.since);
  const [oldest] = all;
  return oldest ? { values: all.length, forMs: now - oldest.since, reason: oldest.waiter.cure } : null;
}
