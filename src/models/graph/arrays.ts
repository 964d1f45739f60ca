/** The ops on lists of tensors in TensorFlow's loops: what they read and write is known when a plan is made, so that a plan has none of them. */
import type { TensorArray, Token, Value, Waiting } from './value';

/** What an op on lists may use. */
export interface ArrayCall {
  /** The list among the inputs. */
  readonly array: TensorArray;
  /** The tensor of an input. */
  readonly value: (input: number) => Value;
  /** The numbers of an input, which are places in the list, or its length. @throws when they depend on the values of the model's inputs */
  readonly numbers: (input: number) => Waiting<readonly number[]>;
  readonly stack: (items: readonly Value[]) => Waiting<Value>;
  readonly unstack: (whole: Value) => Waiting<readonly Value[]>;
  readonly scalar: (value: number) => Value;
  /** @throws when the element was not written */
  readonly item: (array: TensorArray, index: number) => Value;
}

type ArrayOp = (call: ArrayCall) => Waiting<readonly Token[]>;

/** The token of an output that only says in which order lists are written. */
const FLOW = null;

function* first(call: ArrayCall, input: number): Waiting<number> {
  return (yield* call.numbers(input))[0]!;
}

const lengthOf: ArrayOp = function* ({ array, scalar }) {
  yield* [];
  return [scalar(array.items.length)];
};

const read: ArrayOp = function* (call) {
  return [call.item(call.array, yield* first(call, 1))];
};

const reserve = (input: number, ...others: readonly Token[]): ArrayOp =>
  function* (call) {
    // No holes, which `map` would pass over.
    return [{ items: new Array<undefined>(yield* first(call, input)).fill(undefined) }, ...others];
  };

/** TensorFlow 1 writes into a list, TensorFlow 2 makes another list. */
export const arrayOps: Readonly<Record<string, ArrayOp>> = {
  TensorArrayV3: reserve(0, FLOW),
  TensorArrayReadV3: read,
  TensorArraySizeV3: lengthOf,
  *TensorArrayWriteV3(call) {
    call.array.items[yield* first(call, 1)] = call.value(2);
    return [FLOW];
  },
  *TensorArrayScatterV3(call) {
    const parts = yield* call.unstack(call.value(2));
    const places = yield* call.numbers(1);
    places.forEach((place, i) => (call.array.items[place] = parts[i]));
    return [FLOW];
  },
  *TensorArrayGatherV3(call) {
    const places = yield* call.numbers(1);
    return [yield* call.stack(places.map((place) => call.item(call.array, place)))];
  },
  TensorListReserve: reserve(1),
  TensorListGetItem: read,
  TensorListLength: lengthOf,
  *TensorListFromTensor(call) {
    return [{ items: [...(yield* call.unstack(call.value(0)))] }];
  },
  *TensorListSetItem(call) {
    const items = [...call.array.items];
    items[yield* first(call, 1)] = call.value(2);
    return [{ items }];
  },
  *TensorListStack({ array, stack, item }) {
    return [yield* stack(Array.from(array.items, (_, i) => item(array, i)))];
  },
};
