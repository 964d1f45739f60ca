import type { OperatorFunction } from 'rxjs';
import { tensorsIn } from '../../tensor/container';
import { assertOptions } from '../../tensor/options';
import type { Held } from '../../streams/ownership/held-values';
import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import { withObstacle } from '../../streams/trail';
import type { ReplayMemory } from './replay-memory';

/** How much {@link replayBuffer} replays. */
export interface ReplayBufferOptions {
  /** How many earlier values it emits after each new one; 1 when left out. */
  readonly replay?: number;
}

/** What {@link replayBuffer} emits: a new value, or one from its memory. */
export interface Replayed<T> {
  /** The value. */
  readonly value: T;
  /** Its place in the memory, for {@link ReplayMemory.setPriority}; -1 for a new value that is not kept. */
  readonly slot: number;
  /** What its loss is to be multiplied by; 1 for a new value. */
  readonly weight: number;
  /** Whether it comes from the memory. */
  readonly isReplay: boolean;
}

/**
 * Emits each value, and with it some earlier ones from a memory of bounded size, so that a model which learns for ever does not forget: put
 * it above `batch`. The memory holds new values from then on.
 *
 * ```text
 *  rows                          --a------b------c-----
 *  replayBuffer(reservoir(9))    --a------(ba)---(cb)--     what is replayed is drawn from those before
 * ```
 *
 * The memory is yours: it goes on with the next subscription, and a checkpoint can keep it, unless values have tensors: then the operator holds them,
 * and forgets and frees them when the subscription ends.
 *
 * @throws (as error notification) for a tensor on the tape: gradients do not cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { replayBuffer, reservoir } from 'rxtensor/data';
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] })
 *   .pipe(replayBuffer(reservoir({ capacity: 100, seed: 1 })), dl.batch(2))
 *   .subscribe(({ value, weight }) => console.log(value.x.shape, weight.shape)); // [2] [2], and so on
 * ```
 */
export function replayBuffer<T>(
  memory: ReplayMemory<T>,
  options: ReplayBufferOptions = {},
): OperatorFunction<T, Replayed<T>> {
  const name = 'replayBuffer';
  if (typeof (memory as Partial<ReplayMemory<T>> | undefined)?.draw !== 'function')
    throw wrongGiven(name, "argument 'memory'", memory, 'reservoir() or prioritised()');
  assertOptions<ReplayBufferOptions>(name, options, { replay: 1 });
  const { replay = 1 } = options;
  assertPositiveInteger(name, "option 'replay'", replay);
  return operator<T, Replayed<T>>(name, (output) => {
    const held = new Map<number, Held<T>>();
    const remember = (value: T): number => {
      if (tensorsIn(value).length === 0) return memory.add(value) ?? -1;
      const holding = output.hold(value);
      const slot = memory.add(holding.value);
      if (slot === null) {
        holding.release();
        return -1;
      }
      held.get(slot)?.release();
      held.set(slot, holding);
      return slot;
    };
    return {
      next: (value) => {
        // Drawn before the new value is remembered, so that it is not at once replayed.
        const drawn = Array.from({ length: replay }, () => memory.draw()).filter((each) => each !== null);
        const lent = drawn.map(({ slot }) => {
          const holding = held.get(slot);
          return holding ? output.hold(holding.value) : null;
        });
        const slot = remember(value);
        const trail = withObstacle(trailNow(), obstacle);
        output.emit(() => ({ value, slot, weight: 1, isReplay: false }), trail);
        for (const [i, { slot: from, weight, value: plain }] of drawn.entries()) {
          const holding = lent[i];
          // With the same order of fields as above: a batch takes examples that look alike.
          output.emit(
            () => ({
              value: holding ? holding.handOver() : plain,
              slot: from,
              weight,
              isReplay: true,
            }),
            trail,
          );
          holding?.release();
        }
      },
      teardown: () => {
        if (held.size > 0) memory.clear();
        for (const each of held.values()) each.release();
        held.clear();
      },
    };
  });
}

const obstacle =
  "replayBuffer() emits earlier values too, so that the place in the data does not follow from what was trained on; keep the memory's toJSON(), the rows that wait in batch and a position of your own with checkpoint({keep, position: false})";
