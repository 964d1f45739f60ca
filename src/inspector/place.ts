import type { Observable } from 'rxjs';
import type { Waiter } from '../streams/emission';
import type { Tensor } from '../tensor/tensor';

/** A value that something holds up, so that its emission is not finished. */
export interface HeldUp {
  readonly since: number;
  readonly waiter: Waiter;
}

/** Time that code took or let pass: that of an operator, or of what lies below it and is not of this library. */
export class Work {
  /** Milliseconds in which it ran. */
  ownMs = 0;
  /** Milliseconds in which it held up at least one value. */
  #holdMs = 0;
  #holdsSince: number | null = null;
  readonly heldUp = new Set<HeldUp>();

  hold(held: HeldUp): void {
    if (this.heldUp.size === 0) this.#holdsSince = held.since;
    this.heldUp.add(held);
  }

  letGo(held: HeldUp, now: number): void {
    if (!this.heldUp.delete(held) || this.heldUp.size > 0) return;
    this.#holdMs += now - this.#holdsSince!;
    this.#holdsSince = null;
  }

  holdMs(now: number): number {
    return this.#holdMs + (this.#holdsSince === null ? 0 : now - this.#holdsSince);
  }
}

/** How fast the rate forgets, in milliseconds. */
const RATE_MEMORY = 2000;

/** How often something happens, as a mean that forgets exponentially. */
export class Rate {
  count = 0;
  #level = 0;
  #at = 0;
  #began = 0;

  note(now: number): void {
    if (this.count === 0) this.#began = this.#at = now;
    this.#level = this.#decayed(now) + 1;
    this.#at = now;
    this.count++;
  }

  /** Per second. */
  now(now: number): number {
    if (this.count < 2) return 0;
    const weight = RATE_MEMORY * (1 - Math.exp(-(now - this.#began) / RATE_MEMORY));
    return weight > 0 ? (1000 * this.#decayed(now)) / weight : 0;
  }

  #decayed(now: number): number {
    return this.#level * Math.exp(-(now - this.#at) / RATE_MEMORY);
  }
}

/** The newest latencies that are remembered. */
const LATENCIES = 128;

/** The newest milliseconds of a duration. */
export class Latencies {
  readonly #newest = new Float64Array(LATENCIES);
  #count = 0;

  note(milliseconds: number): void {
    this.#newest[this.#count++ % LATENCIES] = milliseconds;
  }

  /** Null before the first. */
  summary(): { readonly median: number; readonly max: number } | null {
    if (this.#count === 0) return null;
    const sorted = this.#newest.slice(0, Math.min(this.#count, LATENCIES)).sort();
    return { median: sorted[sorted.length >> 1]!, max: sorted[sorted.length - 1]! };
  }
}

export type PlaceKind = 'source' | 'operator' | 'subscriber';
export type PlaceState = 'running' | 'complete' | 'failed' | 'left';

let places = 0;

/**
 * A place in a pipeline: an operator, a source, or the subscriber at the end. All subscriptions to it one after the other (`repeat`, inner streams of
 * `mergeMap`) count in one place.
 */
export class Place {
  readonly id = ++places;
  /** The places below, with the number of stock operators between; null when that is unknown. */
  readonly to = new Map<Place, number | null>();
  readonly observables = new WeakSet<Observable<unknown>>();
  readonly incoming = new Rate();
  readonly outgoing = new Rate();
  readonly latencies = new Latencies();
  readonly own = new Work();
  /** What lies below and is not of this library: stock operators, or the subscriber. */
  readonly below = new Work();
  subscriptions = 0;
  living = 0;
  state: PlaceState = 'running';
  error: unknown = null;
  dropped = 0;
  /** When the last value went out, or the last subscription began. */
  lastOut = 0;
  #waitedMs = 0;
  readonly #waitingSince = new Map<object, number>();
  #kept: (readonly Tensor[])[] = [];
  #keptLimit = 256;

  constructor(
    readonly name: string,
    readonly kind: PlaceKind,
  ) {}

  setWaiting(subscription: object, isWaiting: boolean, now: number): void {
    const since = this.#waitingSince.get(subscription);
    if (isWaiting) this.#waitingSince.set(subscription, since ?? now);
    else if (since !== undefined) {
      this.#waitingSince.delete(subscription);
      this.#waitedMs += now - since;
    }
  }

  /** How long the source has waited for its emissions, in all, and since when it does now. */
  waited(now: number): { readonly totalMs: number; readonly forMs: number | null } {
    const since = Math.min(...this.#waitingSince.values());
    const forMs = since === Infinity ? null : now - since;
    return { totalMs: this.#waitedMs + (forMs ?? 0), forMs };
  }

  keep(tensors: readonly Tensor[]): void {
    // Before it is added: the list is filled later.
    if (this.#kept.length >= this.#keptLimit) this.#keptLimit = 256 + 2 * this.kept().length;
    this.#kept.push(tensors);
  }

  /** The values that the operator keeps past their emissions, by their living tensors. Those that it has
   * handed to an emission are no longer its own. Values without tensors are not counted. */
  kept(): readonly (readonly Tensor[])[] {
    this.#kept = this.#kept
      .map((tensors) => tensors.filter(({ isDisposed, isScoped }) => !isDisposed && !isScoped))
      .filter((tensors) => tensors.length > 0);
    return this.#kept;
  }
}
