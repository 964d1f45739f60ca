import { forEachTensor } from '../../tensor/container';
import { assertOwnTensors } from '../../tensor/copies';
import { detachedContainer, handOver } from '../../tensor/detached';
import { dispose } from '../../tensor/scope';
import { isTaped } from '../../tensor/tape';
import type { TensorContainer } from '../../tensor/container';
import type { Tensor } from '../../tensor/tensor';
import { trailNow } from '../emission';
import type { Trail } from '../trail';

/** A value that an operator keeps past its emission. The operator owns the tensors in it. */
export interface Held<T> {
  /** The value. Its tensors are constants that live until it is released. */
  readonly value: T;
  /** The trail of the emission that brought it. */
  readonly trail: Trail;
  /** The value with new handles, which the open scope owns. The value stays held. */
  readonly lend: () => T;
  /** Frees the tensors. */
  readonly release: () => void;
  /** Makes the open emission the owner of the tensors: it frees them when it ends. */
  readonly handOver: () => T;
}

const heldTensors = new WeakSet<Tensor>();

/** Whether an operator holds or has held the tensor: then it frees it. */
export function isHeld(tensor: Tensor): boolean {
  return heldTensors.has(tensor);
}

/**
 * All values that an operator holds in one subscription. A stack overflow may happen between any two calls, and make the operator lose a value
 * that it has just held, or was about to release: such values are freed from here in the end.
 */
export class Holdings {
  readonly #all = new Set<readonly Tensor[]>();

  /** @param operator for messages */
  constructor(private readonly operator: string) {}

  /** See {@link hold}. */
  hold<T>(value: T, taped?: 'refused' | 'cut off'): Held<T> {
    return hold(this.operator, value, taped, this.#all);
  }

  /** The value with new handles, which the open scope owns. */
  lend<T>(value: T): T {
    return lend(value, this.#all);
  }

  /** It can be called again after it has thrown. */
  releaseAll(): void {
    for (const tensors of this.#all) {
      for (const each of tensors) each.dispose();
      this.#all.delete(tensors);
    }
  }
}

/**
 * Takes a value out of its emission, for an operator that keeps it.
 *
 * @param taped whether tensors on the tape are refused, or held as constants ('cut off')
 * @param holdings a list of the tensors until they are released; each is added before the next is made
 * @throws for a tensor that was disposed, and for one on the tape: gradients do not cross emissions
 */
export function hold<T>(
  operator: string,
  value: T,
  taped: 'refused' | 'cut off' = 'refused',
  holdings?: Set<readonly Tensor[]>,
): Held<T> {
  assertOwnTensors(operator, 'value', value);
  forEachTensor(value, (tensor) => {
    tensor.assertUsable(operator, 'value');
    if (taped === 'refused' && isTaped(tensor)) {
      throw new Error(
        `${operator}: the value has a tensor of shape [${tensor.shape.join(',')}] that was computed from trainable variables and would be ` +
          `stored past its emission; gradients do not cross emissions. Put ${operator} before the model, or use ` +
          'predict(model) instead of mapTensor(model), which tapes nothing',
      );
    }
  });
  const trail = trailNow();
  let released = false;
  const tensors: Tensor[] = [];
  holdings?.add(tensors);
  // The last call: nothing that may throw can come between it and the release.
  const own = detachedContainer(value, (tensor) => heldTensors.add(tensor), tensors);
  return {
    value: own,
    trail,
    lend: () => lend(own, holdings),
    release: () => {
      if (!released) dispose(own as TensorContainer);
      released = true;
      holdings?.delete(tensors);
    },
    handOver: () => {
      if (!released) forEachTensor(own, handOver);
      released = true;
      holdings?.delete(tensors);
      return own;
    },
  };
}

function lend<T>(value: T, holdings?: Set<readonly Tensor[]>): T {
  const handles: Tensor[] = [];
  holdings?.add(handles);
  const lent = detachedContainer(value, undefined, handles);
  forEachTensor(lent, handOver);
  holdings?.delete(handles);
  return lent;
}
