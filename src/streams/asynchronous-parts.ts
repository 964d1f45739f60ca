/**
 * Who owns what an asynchronous function makes. What it does before its first `await` runs in a scope, which lives until its promise has
 * settled. Nothing tells when it goes on after an `await`: tensors made in the meantime, by whomever, are looked at when it has settled, and
 * those that nobody freed are warned of.
 */
import { forget, observeAbandoned } from '../tensor/abandoned';
import { openScope, type Scope } from '../tensor/extent';
import { tensorsIn } from '../tensor/container';
import { warnOnce } from '../tensor/debug';
import { closeScope } from '../tensor/scope';
import type { Tensor } from '../tensor/tensor';
import { whenNothingIsLeft } from './nothing-left';

/** A call of an asynchronous function. */
export interface AsynchronousCall<R> {
  readonly promise: PromiseLike<R>;
  /** When the promise has settled: frees what was made before the first `await` and is not in the result. */
  readonly end: (result: unknown) => void;
}

/** A tensor without an owner that was made while calls were under way. */
interface Stray {
  readonly tensor: WeakRef<Tensor>;
  /** The last call that had begun by then. */
  readonly call: number;
  /** Whether it was seen without an owner before: what was made for a result has one soon. */
  isSuspect: boolean;
}

/** Tensors that a call of any operator frees, or has given as its result. */
const accountedFor = new WeakSet<Tensor>();

/** More are not looked at. */
const MOST_STRAYS = 1000;

/** Calls of one operator's function, for one subscription. */
export class AsynchronousParts {
  private calls = 0;
  /** The calls under way, the oldest first. */
  private readonly pending = new Set<number>();
  private strays: Stray[] = [];
  private hasWarned = false;
  private stopObserving: () => void = () => undefined;
  private stopLooking: () => void = () => undefined;

  /** @param fail is told where a promise never settles, and nothing is left to run */
  constructor(
    private readonly name: string,
    private readonly fail: (error: Error) => void,
  ) {}

  /** Calls the function; outside of every scope. */
  call<R>(work: () => PromiseLike<R>): AsynchronousCall<R> {
    const scope = openScope('tidy', this.name);
    let promise: PromiseLike<R>;
    try {
      promise = work();
    } catch (error) {
      closeScope(scope);
      throw error;
    }
    const id = this.begin();
    const { tensors } = scope;
    for (const tensor of tensors) accountedFor.add(tensor);
    closeScope(scope, tensors.slice());
    const end = (result: unknown): void => {
      if (!this.pending.has(id)) return;
      const results = tensorsIn(result);
      this.pending.delete(id);
      freeRest(scope, tensors, results);
      for (const tensor of results) accountedFor.add(tensor);
      this.lookAtStrays();
      if (this.pending.size > 0) return;
      this.stopObserving();
      this.stopLooking();
      if (this.strays.length > 0) setTimeout(() => this.lookAtStrays());
    };
    return { promise, end };
  }

  /** Nobody listens any more. */
  leave(): void {
    this.stopObserving();
    this.stopLooking();
    if (this.pending.size > 0) this.strays = [];
  }

  private begin(): number {
    const id = this.calls++;
    if (this.pending.size === 0) {
      if (!this.hasWarned) this.stopObserving = observeAbandoned((tensor) => this.note(tensor));
      this.stopLooking = whenNothingIsLeft(() => setTimeout(() => this.lookWhetherStuck()));
    }
    this.pending.add(id);
    return id;
  }

  private note(tensor: Tensor): void {
    if (this.strays.length < MOST_STRAYS)
      this.strays.push({ tensor: new WeakRef(tensor), call: this.calls - 1, isSuspect: false });
  }

  /** A tensor made while a call was under way that is over, as all are that had begun by then, is used by none of them. */
  private lookAtStrays(): void {
    const [oldest = Infinity] = this.pending;
    const isStray = (tensor: Tensor): boolean =>
      !tensor.isDisposed && !tensor.isScoped && !tensor.isKept && !accountedFor.has(tensor);
    this.strays = this.strays.filter((stray) => {
      const tensor = stray.tensor.deref();
      if (!tensor || !isStray(tensor)) return false;
      if (stray.call >= oldest) return true;
      if (stray.isSuspect) this.warn();
      stray.isSuspect = true;
      return !this.hasWarned;
    });
  }

  private warn(): void {
    this.hasWarned = true;
    warnOnce(
      `tensors that belong to nobody were made while the function of ${this.name} awaited: nobody frees them. What it makes before its first ` +
        'await is freed; wrap what it does after one in tidy(), and return the result from that',
      `awaiting ${this.name}`,
    );
  }

  /** Sources that are stuck have their say first: what they say may settle the promise. */
  private lookWhetherStuck(): void {
    if (this.pending.size === 0) return;
    this.stopLooking();
    this.fail(
      new Error(
        `${this.name}: it cannot go on, and nothing is left to run: the promise that its function gave for ${this.pending.size} of its values ` +
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
