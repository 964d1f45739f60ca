/**
 * Frees the tensors that an asynchronous function makes before its first `await`: they belong to a scope that ends when the promise has
 * settled. After an `await`, nothing tells which code makes a tensor. So this module observes all tensors that are made without an owner
 * while the promise is pending. It checks them when the promise has settled, and warns if some were never freed.
 */
import { forget, observeAbandoned } from '../../tensor/abandoned';
import { tensorsIn } from '../../tensor/container';
import { warnOnce } from '../../tensor/debug';
import { openScope, type Scope } from '../../tensor/extent';
import { closeScope } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import { whenNothingIsLeft } from '../pulling/idle-event-loop';

/** One call of an asynchronous function. */
export interface AsynchronousCall<R> {
  readonly promise: PromiseLike<R>;
  /** Call this when the promise has settled. It frees the tensors made before the first `await`, except those in the result. */
  readonly end: (result: unknown) => void;
}

/** A tensor without an owner that was made while calls were pending. */
interface Stray {
  readonly tensor: WeakRef<Tensor>;
  /** The number of the last call that had begun when the tensor was made. */
  readonly call: number;
  /** True when a check found no owner. A second check decides, because a tensor in a result gets its owner soon. */
  isSuspect: boolean;
}

/** Tensors that are no strays, because a call frees them or has returned them. */
const accountedFor = new WeakSet<Tensor>();

/** The greatest number of tensors that are observed at a time. */
const MOST_STRAYS = 1000;

/** Manages the calls of one operator's function in one subscription. */
export class AsynchronousCalls {
  #calls = 0;
  /** The numbers of the pending calls, the oldest first. */
  readonly #pending = new Set<number>();
  #strays: Stray[] = [];
  #hasWarned = false;
  #stopObserving: () => void = () => undefined;
  #stopLooking: () => void = () => undefined;

  /** @param fail called when a promise can never settle, because the event loop has nothing left to run */
  constructor(
    private readonly name: string,
    private readonly fail: (error: Error) => void,
  ) {}

  /** Calls the function. Call this only while no scope is open. */
  call<R>(work: () => PromiseLike<R>): AsynchronousCall<R> {
    const scope = openScope('tidy', this.name);
    let promise: PromiseLike<R>;
    try {
      promise = work();
    } catch (error) {
      closeScope(scope);
      throw error;
    }
    const id = this.#begin();
    const { tensors } = scope;
    for (const tensor of tensors) accountedFor.add(tensor);
    closeScope(scope, tensors.slice());
    const end = (result: unknown): void => {
      if (!this.#pending.has(id)) return;
      const results = tensorsIn(result);
      this.#pending.delete(id);
      freeRest(scope, tensors, results);
      for (const tensor of results) accountedFor.add(tensor);
      this.#lookAtStrays();
      if (this.#pending.size > 0) return;
      this.#stopObserving();
      this.#stopLooking();
      if (this.#strays.length > 0) setTimeout(() => this.#lookAtStrays());
    };
    return { promise, end };
  }

  /** Call this when the subscription has ended. */
  leave(): void {
    this.#stopObserving();
    this.#stopLooking();
    if (this.#pending.size > 0) this.#strays = [];
  }

  #begin(): number {
    const id = this.#calls++;
    if (this.#pending.size === 0) {
      if (!this.#hasWarned) this.#stopObserving = observeAbandoned((tensor) => this.#note(tensor));
      this.#stopLooking = whenNothingIsLeft(() => setTimeout(() => this.#lookWhetherStuck()));
    }
    this.#pending.add(id);
    return id;
  }

  #note(tensor: Tensor): void {
    if (this.#strays.length < MOST_STRAYS)
      this.#strays.push({ tensor: new WeakRef(tensor), call: this.#calls - 1, isSuspect: false });
  }

  /** Checks the observed tensors. A tensor is no longer in use when all calls that had begun before it was made have ended. */
  #lookAtStrays(): void {
    const [oldest = Infinity] = this.#pending;
    const isStray = (tensor: Tensor): boolean =>
      !tensor.isDisposed && !tensor.isScoped && !tensor.isKept && !accountedFor.has(tensor);
    this.#strays = this.#strays.filter((stray) => {
      const tensor = stray.tensor.deref();
      if (!tensor || !isStray(tensor)) return false;
      if (stray.call >= oldest) return true;
      if (stray.isSuspect) this.#warn();
      stray.isSuspect = true;
      return !this.#hasWarned;
    });
  }

  #warn(): void {
    this.#hasWarned = true;
    warnOnce(
      `tensors that belong to nobody were made while the function of ${this.name} awaited: nobody frees them. What it makes before its first ` +
        'await is freed; wrap what it does after one in tidy(), and return the result from that',
      `awaiting ${this.name}`,
    );
  }

  /** Runs after stuck sources have failed, since their errors may settle the promise. */
  #lookWhetherStuck(): void {
    if (this.#pending.size === 0) return;
    this.#stopLooking();
    this.fail(
      new Error(
        `${this.name}: it cannot go on, and nothing is left to run: the promise that its function gave for ${this.#pending.size} of its values ` +
          'does not settle; settle each, or reject it',
      ),
    );
  }
}

function freeRest(scope: Scope, tensors: readonly Tensor[], results: readonly Tensor[]): void {
  for (const tensor of tensors) {
    if (tensor.isDisposed || tensor.isKept || tensor.isScoped || results.includes(tensor)) continue;
    forget(tensor);
    tensor.disposeWith(scope);
  }
}
