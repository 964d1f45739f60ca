/**
 * Owns the tensors that an asynchronous function makes. The part before its first `await` runs in a scope, which lives until its promise
 * has settled. Nothing shows when the function continues after an `await`: so all tensors without an owner that are made meanwhile, by whomever,
 * are checked once the promise has settled, and a warning reports those that nobody has freed.
 */
import { forget, observeAbandoned } from '../../tensor/abandoned';
import { tensorsIn } from '../../tensor/container';
import { warnOnce } from '../../tensor/debug';
import { openScope, type Scope } from '../../tensor/extent';
import { closeScope } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import { whenNothingIsLeft } from '../pulling/idle-event-loop';

/** A call of an asynchronous function. */
export interface AsynchronousCall<R> {
  readonly promise: PromiseLike<R>;
  /** To be called when the promise has settled: frees what was made before the first `await` and is not in the result. */
  readonly end: (result: unknown) => void;
}

/** A tensor without an owner that was made while calls were under way. */
interface Stray {
  readonly tensor: WeakRef<Tensor>;
  /** The last call that had begun by then. */
  readonly call: number;
  /** Whether an earlier check found it without an owner: a tensor that is made for a result gets one soon. */
  isSuspect: boolean;
}

/** Tensors that a call of some operator frees, or has returned. */
const accountedFor = new WeakSet<Tensor>();

/** The greatest number of tensors that are checked. */
const MOST_STRAYS = 1000;

/** The calls of one operator's function in one subscription. */
export class AsynchronousCalls {
  #calls = 0;
  /** The calls under way, the oldest first. */
  readonly #pending = new Set<number>();
  #strays: Stray[] = [];
  #hasWarned = false;
  #stopObserving: () => void = () => undefined;
  #stopLooking: () => void = () => undefined;

  /** @param fail called when a promise never settles: the event loop has nothing left to run */
  constructor(
    private readonly name: string,
    private readonly fail: (error: Error) => void,
  ) {}

  /** Calls the function. No scope may be open. */
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

  /** To be called when the subscription has ended. */
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

  /** Checks tensors without an owner. When all calls that had begun before a tensor was made are over, no call uses it any more. */
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
