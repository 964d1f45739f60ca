import { isPlainObject } from '../../tensor/container';
import { assertOptions } from '../../tensor/options';
import { integerSequence } from '../../tensor/permutation';
import { assertPositiveInteger, assertSeed, wrongGiven } from '../../streams/checks/arguments';
import { forJson, fromJson } from '../json-values';
import { assertBetween } from './drift-detector';
import { SumTree } from './sum-tree';

/** A value that was drawn. */
export interface Drawn<T> {
  /** The value. */
  readonly value: T;
  /** Its place in the memory. */
  readonly slot: number;
  /** What its loss is to be multiplied by, so that what is drawn often does not weigh more; at most 1. */
  readonly weight: number;
}

/** A memory of values, of bounded size, from which values are drawn again. */
export interface ReplayMemory<T> {
  /** How many values it holds at most. */
  readonly capacity: number;
  /** How many values it holds now. */
  readonly size: () => number;
  /** Adds a value. Returns its place, where another one may have been; null if it is not kept. */
  readonly add: (value: T) => number | null;
  /** Draws a value; null when there is none. */
  readonly draw: () => Drawn<T> | null;
  /** How urgent it is to see a value again, such as the loss that it had. Where all are equal, it does nothing. */
  readonly setPriority: (slot: number, priority: number) => void;
  /** Forgets all values. */
  readonly clear: () => void;
  /** The state as plain data, with the values, for `JSON.stringify`. @throws when values have tensors, or others that JSON does not keep as they are */
  readonly toJSON: () => unknown;
}

/** Options of {@link reservoir}. */
export interface ReservoirOptions {
  /** The most values that are kept. */
  readonly capacity: number;
  /** Determines what is kept and drawn; 0 when left out. */
  readonly seed?: number;
  /** What `toJSON()` of a memory with the same options gave. */
  readonly state?: unknown;
}

/**
 * A uniform sample of all values so far (Vitter, Random sampling with a reservoir, 1985, algorithm R): each of them is kept with the same probability, however many there were.
 *
 * @throws when an option is wrong
 * @example
 * ```ts
 * import { reservoir } from 'rxtensor/data';
 * const memory = reservoir<number>({ capacity: 10, seed: 1 });
 * for (let i = 0; i < 1000; i++) memory.add(i);
 * console.log(memory.size(), memory.draw()!.value); // 10, and one of the 1000
 * ```
 */
export function reservoir<T>(options: ReservoirOptions): ReplayMemory<T> {
  const name = 'reservoir';
  assertOptions<ReservoirOptions>(name, options, { capacity: 1, seed: 1, state: 1 });
  const { capacity, seed = 0, state } = options;
  assertCapacity(name, capacity, seed);
  const saved = savedMemory(name, state, capacity, false);
  const values = saved.values as T[];
  let { seen } = saved;
  const random = countedSequence(seed, saved.drawn);
  return {
    capacity,
    size: () => values.length,
    add: (value) => {
      seen++;
      if (values.length < capacity) return values.push(value) - 1;
      const slot = random.draw(seen);
      if (slot >= capacity) return null;
      values[slot] = value;
      return slot;
    },
    draw: () => {
      if (values.length === 0) return null;
      const slot = random.draw(values.length);
      return { value: values[slot]!, slot, weight: 1 };
    },
    setPriority: () => undefined,
    clear: () => {
      values.length = 0;
      seen = 0;
    },
    toJSON: () => ({
      values: forJson(name, values),
      seen,
      drawn: random.drawn(),
      priorities: [],
      greatest: 0,
    }),
  };
}

/** Options of {@link prioritised}. */
export interface PrioritisedOptions extends ReservoirOptions {
  /** How much priorities count: 0 draws uniformly, 1 in proportion to them; 0.6 when left out. */
  readonly alpha?: number;
  /** How much weights make up for that: 0 not at all, 1 wholly; 0.4 when left out. */
  readonly beta?: number;
}

/** Added to each priority, so that every value can be drawn. */
const LEAST_PRIORITY = 1e-6;

/**
 * The newest values, drawn in proportion to priorityᵅ, with weights (N · P)⁻ᵝ divided by the greatest of them (Schaul et al., Prioritized experience replay, 2016,
 * section 3.4). A new value has the greatest priority so far, so that each is drawn soon.
 *
 * @throws when an option is wrong; `setPriority`, for a number that is negative or not finite, and for a place without a value
 * @example
 * ```ts
 * import { prioritised } from 'rxtensor/data';
 * const memory = prioritised<string>({ capacity: 100, seed: 1 });
 * const [easy, hard] = ['easy', 'hard'].map((value) => memory.add(value)!);
 * memory.setPriority(easy!, 0.01);
 * memory.setPriority(hard!, 5);
 * console.log(memory.draw()!.value); // hard, most of the time
 * ```
 */
export function prioritised<T>(options: PrioritisedOptions): ReplayMemory<T> {
  const name = 'prioritised';
  assertOptions<PrioritisedOptions>(name, options, { capacity: 1, seed: 1, state: 1, alpha: 1, beta: 1 });
  const { capacity, seed = 0, alpha = 0.6, beta = 0.4, state } = options;
  assertCapacity(name, capacity, seed);
  assertBetween(name, 'alpha', alpha, [-Number.MIN_VALUE, 1 + 1e-12]);
  assertBetween(name, 'beta', beta, [-Number.MIN_VALUE, 1 + 1e-12]);
  const saved = savedMemory(name, state, capacity, true);
  const values = saved.values as T[];
  const priorities = saved.priorities.slice();
  let { seen } = saved;
  const random = countedSequence(seed, saved.drawn);
  const tree = new SumTree(capacity);
  const least = new SumTree(capacity, Math.min, Infinity);
  let { greatest } = saved;
  const set = (slot: number, priority: number): void => {
    priorities[slot] = priority;
    greatest = Math.max(greatest, priority);
    const weight = (priority + LEAST_PRIORITY) ** alpha;
    tree.set(slot, weight);
    least.set(slot, weight);
  };
  for (const [slot, priority] of priorities.entries()) set(slot, priority);
  return {
    capacity,
    size: () => values.length,
    add: (value) => {
      const slot = seen++ % capacity;
      values[slot] = value;
      set(slot, greatest || 1);
      return slot;
    },
    draw: () => {
      if (values.length === 0) return null;
      const slot = Math.min(values.length - 1, tree.find((random.draw(PRECISION) / PRECISION) * tree.total));
      return { value: values[slot]!, slot, weight: (least.total / tree.weight(slot)) ** beta };
    },
    setPriority: (slot, priority) => {
      if (!(Number.isInteger(slot) && slot >= 0 && slot < values.length))
        throw wrongGiven('setPriority', "argument 'slot'", slot, 'the place of a value');
      if (!(Number.isFinite(priority) && priority >= 0))
        throw wrongGiven('setPriority', "argument 'priority'", priority, 'a number, not negative');
      set(slot, priority);
    },
    clear: () => {
      for (let slot = 0; slot < values.length; slot++) {
        tree.set(slot, 0);
        least.set(slot, Infinity);
      }
      values.length = priorities.length = seen = greatest = 0;
    },
    toJSON: () => ({
      values: forJson(name, values),
      seen,
      drawn: random.drawn(),
      priorities: priorities.slice(),
      greatest,
    }),
  };
}

const PRECISION = 2 ** 32;

interface SavedMemory {
  readonly values: unknown[];
  readonly seen: number;
  readonly drawn: number;
  readonly priorities: readonly number[];
  /** The greatest priority so far, also of values that are gone. */
  readonly greatest: number;
}

/** A sequence of random integers that knows how many were drawn, and can begin there. */
function countedSequence(
  seed: number,
  from: number,
): { draw: (bound: number) => number; drawn: () => number } {
  const draw = integerSequence(seed, from);
  let count = from;
  return {
    draw: (bound) => {
      count++;
      return draw(bound);
    },
    drawn: () => count,
  };
}

function assertCapacity(name: string, capacity: number, seed: number): void {
  assertPositiveInteger(name, "option 'capacity'", capacity);
  if (capacity > 2 ** 24) throw wrongGiven(name, "option 'capacity'", capacity, `at most ${2 ** 24}`);
  assertSeed(name, seed);
}

/**
 * What a state holds; without one, what a memory begins with.
 *
 * @param hasPriorities whether each value has one
 */
function savedMemory(name: string, state: unknown, capacity: number, hasPriorities: boolean): SavedMemory {
  if (state === undefined) return { values: [], seen: 0, drawn: 0, priorities: [], greatest: 0 };
  const { values, seen, drawn, priorities, greatest } = (
    isPlainObject(state) ? state : {}
  ) as Partial<SavedMemory>;
  const isCount = (each: unknown): boolean => Number.isSafeInteger(each) && (each as number) >= 0;
  const isPriority = (each: unknown): boolean => Number.isFinite(each) && (each as number) >= 0;
  const isRight =
    Array.isArray(values) &&
    isCount(seen) &&
    values.length === Math.min(seen!, capacity) &&
    isCount(drawn) &&
    Array.isArray(priorities) &&
    priorities.length === (hasPriorities ? values.length : 0) &&
    priorities.every(isPriority) &&
    isPriority(greatest);
  if (!isRight)
    throw wrongGiven(
      name,
      "option 'state'",
      state,
      'what toJSON() of a memory of its kind and capacity gave',
    );
  return {
    values: values.map(fromJson),
    seen: seen!,
    drawn: drawn!,
    priorities: priorities as number[],
    greatest: greatest!,
  };
}
