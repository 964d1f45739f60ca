import type { Work } from './place';
import { type HeldUp, type Place } from './place';

/** A call that runs: an operator handles a value, or everyone below it does. */
export interface Call {
  /** The subscription that it belongs to. */
  readonly of: { readonly place: Place };
  readonly direction: 'in' | 'out';
  readonly start: number;
  /** Milliseconds of it that ran in calls within. */
  nested: number;
  hasEmitted: boolean;
  /** What keeps the value's emission unfinished since this call. */
  readonly heldUp: HeldUp[];
}

/**
 * The calls that run, innermost last. From it follows what belongs to which operator: the time, the tensors that are made, and the promises
 * that keep an emission unfinished.
 */
export class Calls {
  #running: Call[] = [];
  /** How many times the outermost call has begun. */
  turn = 0;

  get innermost(): Call | undefined {
    return this.#running.at(-1);
  }

  begin(of: Call['of'], direction: Call['direction'], start: number): Call {
    if (this.#running.length === 0) this.turn++;
    const call: Call = { of, direction, start, nested: 0, hasEmitted: false, heldUp: [] };
    this.#running.push(call);
    return call;
  }

  /** Ends a call, and with it those within that a stack overflow has kept from ending. Returns null when it had not begun. */
  end(of: Call['of'], direction: Call['direction'], now: number): Call | null {
    let index = this.#running.length - 1;
    while (index >= 0 && !isOf(this.#running[index]!, of, direction)) index--;
    if (index < 0) return null;
    const call = this.#running[index]!;
    this.#running.length = index;
    const milliseconds = now - call.start;
    workOf(call).ownMs += milliseconds - call.nested;
    const outer = this.innermost;
    if (outer) outer.nested += milliseconds;
    return call;
  }
}

function isOf(call: Call, of: Call['of'], direction: Call['direction']): boolean {
  return call.of === of && call.direction === direction;
}

/** Whose work a call is, where no call within it says otherwise. */
export function workOf({ of: { place }, direction }: Call): Work {
  return direction === 'in' ? place.own : place.below;
}
