import type { Observable, Subscriber } from 'rxjs';
import type { Waiter } from '../streams/emission';
import { watching, type BegunSubscription, type Watch, type Watcher } from '../streams/watching';
import { Calls, workOf } from './calls';
import { below, startOfChain } from './links';
import { Place, type HeldUp, type Work } from './place';
import { Storages } from './storages';

/** A value that has come in and not gone out. */
interface Inside {
  readonly since: number;
  readonly heldUp: readonly HeldUp[];
}

/** A subscription to one of our operators or sources, or to the inspected observable. */
interface Subscribed {
  readonly place: Place;
  readonly observable: Observable<unknown>;
  /** The start of the stock operators above: one of our observables, or a stock source. */
  readonly above: Observable<unknown> | null;
  readonly links: number;
  /** The values that have come in and not gone out, the oldest first. */
  readonly inside: Inside[];
}

/** More values inside of an operator than this are not told apart. */
const MOST_INSIDE = 4096;
/** The most places: a program that makes ever new pipelines would make ever more. */
const MOST_PLACES = 500;

/** Records how all streams of this library run, for as long as anything is inspected. */
export class Recorder implements Watcher {
  readonly places = new Set<Place>();
  readonly #calls = new Calls();
  readonly storages = new Storages(this.#calls);
  readonly #open = new Map<Subscriber<never>, Subscribed>();
  readonly #byUpstream = new WeakMap<object, Subscribed>();
  readonly #finalizers = new Map<Subscriber<never>, () => void>();
  /** The inspected observables that are being subscribed to, the innermost last. */
  readonly #subscribing: Subscribed[] = [];
  /** What has begun since the outermost of them. */
  #begun: Subscribed[] = [];
  readonly now = (): number => performance.now();

  constructor() {
    watching.by = this;
  }

  end(): void {
    watching.by = null;
    this.storages.end();
    for (const [downstream, finalizer] of this.#finalizers) downstream.remove(finalizer);
  }

  /** The subscriber of an inspected observable. */
  subscriberOf(observable: Observable<unknown>): Subscribed {
    const place = new Place('subscriber', 'subscriber');
    this.places.add(place);
    const { start, links } = startOfChain(observable);
    return { place, observable, above: start, links, inside: [] };
  }

  /** Runs `subscribe`, which subscribes to an inspected observable. */
  within<S extends object>(subscribed: Subscribed, subscriber: unknown, subscribe: () => S): S {
    const { place } = subscribed;
    if (typeof subscriber === 'object' && subscriber !== null) this.#byUpstream.set(subscriber, subscribed);
    place.subscriptions++;
    if (this.#subscribing.length === 0) this.#begun = [];
    this.#subscribing.push(subscribed);
    try {
      // An observable that was shared runs already.
      this.#joinRunning(subscribed);
      const subscription = subscribe();
      this.#byUpstream.set(subscription, subscribed);
      return subscription;
    } finally {
      this.#subscribing.pop();
      if (this.#subscribing.length === 0) this.#begun = [];
    }
  }

  begins({ name, observable, source, downstream }: BegunSubscription): Watch {
    const { start = null, links = 0 } = source ? startOfChain(source) : {};
    const place = this.#placeOf(
      name,
      observable,
      source ? 'operator' : 'source',
      this.#findBelow(observable, downstream),
    );
    const subscribed: Subscribed = { place, observable, above: start, links, inside: [] };
    place.observables.add(observable);
    place.subscriptions++;
    place.living++;
    place.state = 'running';
    place.lastOut = this.now();
    this.#open.set(downstream, subscribed);
    if (this.#subscribing.length > 0) this.#begun.push(subscribed);
    const finalizer = (): void => this.#close(downstream, subscribed);
    this.#finalizers.set(downstream, finalizer);
    downstream.add(finalizer);
    this.#joinRunning(subscribed);
    return this.#watch(subscribed);
  }

  ends(downstream: Subscriber<never>, failure: { readonly error: unknown } | null): void {
    const subscribed = this.#open.get(downstream);
    if (!subscribed) return;
    subscribed.place.state = failure ? 'failed' : 'complete';
    if (failure) subscribed.place.error = failure.error;
  }

  holdsUp(waiter: Waiter, promise: Promise<unknown>, hasSource: boolean): void {
    const call = this.#calls.innermost;
    // A promise of the program that nobody waits for keeps its own handlers: one of ours would hide that it was rejected.
    if (!call || (!hasSource && call.direction === 'out')) return;
    const held: HeldUp = { since: this.now(), waiter };
    const work = workOf(call);
    work.hold(held);
    call.heldUp.push(held);
    const letGo = (): void => work.letGo(held, this.now());
    promise.then(letGo, letGo);
  }

  keeps(tensors: Parameters<Watcher['keeps']>[0]): void {
    const call = this.#calls.innermost;
    if (call?.direction === 'in') call.of.place.keep(tensors);
  }

  #watch(subscribed: Subscribed): Watch {
    const { place, inside } = subscribed;
    const calls = this.#calls;
    return {
      connects: (upstream) => void this.#byUpstream.set(upstream, subscribed),
      enters: () => {
        const now = this.now();
        place.incoming.note(now);
        calls.begin(subscribed, 'in', now);
      },
      leaves: () => {
        const call = calls.end(subscribed, 'in', this.now());
        if (call && !call.hasEmitted && inside.length < MOST_INSIDE)
          inside.push({ since: call.start, heldUp: call.heldUp });
      },
      emits: () => {
        const now = this.now();
        place.outgoing.note(now);
        place.lastOut = now;
        const call = calls.innermost;
        if (call?.of === subscribed && call.direction === 'in') {
          if (!call.hasEmitted) place.latencies.note(now - call.start);
          call.hasEmitted = true;
          // What came before has gone into this value, or stays by intent, as in a shuffle.
          inside.length = 0;
        } else {
          const first = inside.shift();
          if (first) place.latencies.note(now - first.since);
          letGo(place.own, first, now);
        }
        calls.begin(subscribed, 'out', now);
      },
      returns: () => void calls.end(subscribed, 'out', this.now()),
      drops: () => {
        place.dropped++;
        letGo(place.own, inside.shift(), this.now());
      },
      waits: (isWaiting) => place.setWaiting(subscribed, isWaiting, this.now()),
    };
  }

  #close(downstream: Subscriber<never>, subscribed: Subscribed): void {
    const { place, inside } = subscribed;
    const now = this.now();
    place.living--;
    place.setWaiting(subscribed, false, now);
    if (place.state === 'running' && place.living === 0) place.state = 'left';
    for (const each of inside.splice(0)) letGo(place.own, each, now);
    this.#open.delete(downstream);
    this.#finalizers.delete(downstream);
  }

  /** What a new subscription feeds, with the number of stock operators between. */
  #findBelow(observable: Observable<unknown>, downstream: object): ReadonlyMap<Subscribed, number | null> {
    const found = below(downstream, (each) => this.#byUpstream.get(each));
    if (found) return new Map([[found, found.above === observable ? found.links : null]]);
    const waiting = [...this.#open.values(), ...this.#subscribing].filter(
      ({ above }) => above === observable,
    );
    if (waiting.length > 0) return new Map(waiting.map((each) => [each, each.links]));
    // Subscribed to in reaction to a value, as by mergeMap: it feeds what that value's operator feeds.
    const call = this.#calls.innermost;
    const inner = call && [...this.#open.values()].find(({ place }) => call.of.place.to.has(place));
    const nearest = inner ?? (call ? undefined : this.#lastUnfed()) ?? this.#subscribing.at(-1);
    return new Map(nearest ? [[nearest, null]] : []);
  }

  /** While an inspected observable is being subscribed to: the last operator to which nothing leads yet. It is subscribing to its source now. */
  #lastUnfed(): Subscribed | undefined {
    if (this.#subscribing.length === 0) return undefined;
    const fed = new Set([...this.places].flatMap(({ to }) => [...to.keys()]));
    return this.#begun.filter(({ place }) => place.kind === 'operator' && !fed.has(place)).at(-1);
  }

  /** A second subscriber to a shared observable: what is above it runs already. */
  #joinRunning(subscribed: Subscribed): void {
    for (const { place, observable } of this.#open.values()) {
      if (observable !== subscribed.above || place === subscribed.place) continue;
      place.to.set(subscribed.place, place.to.get(subscribed.place) ?? subscribed.links);
    }
  }

  /** The place of a new subscription: that of earlier ones like it, or a new one. */
  #placeOf(
    name: string,
    observable: Observable<unknown>,
    kind: Place['kind'],
    lower: ReadonlyMap<Subscribed, number | null>,
  ): Place {
    const [first] = lower.keys();
    const isInner = this.#calls.innermost !== undefined;
    const isFull = this.places.size >= MOST_PLACES;
    for (const each of this.places) {
      if (each.name !== name || each.kind !== kind || !first || !each.to.has(first.place)) continue;
      if (each.observables.has(observable) || each.living === 0 || isInner || isFull) return each;
    }
    const place = new Place(name, kind);
    for (const [{ place: to }, links] of lower) place.to.set(to, links);
    if (!isFull) this.places.add(place);
    return place;
  }
}

function letGo(work: Work, value: Inside | undefined, now: number): void {
  if (value) for (const held of value.heldUp) work.letGo(held, now);
}
