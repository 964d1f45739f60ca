import { forEachTensor } from '../../tensor/container';
import { assertOwnTensors } from '../../tensor/copies';
import { detachedContainer, handOver } from '../../tensor/detached';
import { dispose } from '../../tensor/scope';
import { isTaped } from '../../tensor/tape';
import type { TensorContainer } from '../../tensor/container';
import type { Tensor } from '../../tensor/tensor';
import { trailNow } from '../emission';
import type { Trail } from '../trail';
import { watching } from '../watching';

/** A value that an operator keeps after the value's emission. The operator owns its tensors. */
export interface Held<T> {
  /** The value. Its tensors are constants, and live until the value is released or handed over. */
  readonly value: T;
  /** The trail of the emission that brought the value. */
  readonly trail: Trail;
  /** Returns the value with new tensor handles, which the current scope owns. The value stays held. */
  readonly lend: () => T;
  /** Frees the tensors. */
  readonly release: () => void;
  /** Makes the current emission own the tensors. The emission frees them when it ends. */
  readonly handOver: () => T;
}

const heldTensors = new WeakSet<Tensor>();

/** True when an operator holds or has held the tensor. Such a tensor needs no other owner. */
export function isHeld(tensor: Tensor): boolean {
  return heldTensors.has(tensor);
}

/**
 * Lists all values that an operator holds in one subscription. A stack overflow can happen in any call, and make the operator lose a value
 * that it has just held or was about to release. `releaseAll` frees these values too.
 */
export class Holdings {
  readonly #all = new Set<readonly Tensor[]>();

  /** @param operator the operator's name, for messages */
  constructor(private readonly operator: string) {}

  /** Holds a value; see {@link hold}. */
  hold<T>(value: T, taped?: 'refused' | 'cut off'): Held<T> {
    return hold(this.operator, value, taped, this.#all);
  }

  /** Returns the value with new tensor handles, which the current scope owns. */
  lend<T>(value: T): T {
    return lend(value, this.#all);
  }

  /** Frees all tensors. If it throws, it can be called again to free the rest. */
  releaseAll(): void {
    for (const tensors of this.#all) {
      for (const each of tensors) each.dispose();
      this.#all.delete(tensors);
    }
  }
}

/**
 * Holds a value for an operator that keeps it after the value's emission.
 *
 * @param taped what to do with tensors on the tape: throw ('refused'), or hold them as constants ('cut off')
 * @param holdings lists the new tensors until they are released; each is added before the next is made
 * @throws when a tensor was disposed, and when a tensor is on the tape and `taped` is 'refused': gradients do not cross emissions
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
  watching.by?.keeps(tensors);
  // This is the last call, so that nothing can throw after it and leave the tensors unreleased.
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
