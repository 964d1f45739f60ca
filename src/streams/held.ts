import { forEachTensor } from '../tensor/container';
import { assertOwnTensors } from '../tensor/copies';
import { detachedContainer, handOver } from '../tensor/detached';
import { dispose } from '../tensor/scope';
import { isRecorded } from '../tensor/tape';
import type { TensorContainer } from '../tensor/container';
import type { Tensor } from '../tensor/tensor';
import { trailNow } from './emission';
import type { Trail } from './trail';

/** A value that an operator remembers past its emission: the tensors in it are the operator's own. */
export interface Held<T> {
  /** The value, its tensors being constants that live until it is released. */
  readonly value: T;
  /** What the emission that brought it tells of it. */
  readonly trail: Trail;
  /** The value in handles that end with the scope that is open now, while it stays held. */
  readonly lend: () => T;
  /** Frees the tensors. */
  readonly release: () => void;
  /** Gives them to the emission that is open now, which frees them when it ends; the value is used up. */
  readonly handOver: () => T;
}

const heldTensors = new WeakSet<Tensor>();

/** Whether an operator holds the tensor, or has held it, and frees it. */
export function isHeld(tensor: Tensor): boolean {
  return heldTensors.has(tensor);
}

/**
 * All that an operator holds for one subscription. The engine's stack may run over between any two calls, so that the operator itself has lost
 * what it took hold of, or was about to release: it is freed from here in the end.
 */
export class Holdings {
  private readonly all = new Set<readonly Tensor[]>();

  /** @param operator for messages */
  constructor(private readonly operator: string) {}

  /** See {@link hold}. */
  hold<T>(value: T, recorded?: 'refused' | 'cut off'): Held<T> {
    return hold(this.operator, value, recorded, this.all);
  }

  /** A value in handles that end with the scope that is open now. */
  lend<T>(value: T): T {
    return lend(value, this.all);
  }

  /** Where it throws, it can be called again. */
  releaseAll(): void {
    for (const tensors of this.all) {
      for (const each of tensors) each.dispose();
      this.all.delete(tensors);
    }
  }
}

/**
 * Takes what an operator remembers out of its emission.
 *
 * @param recorded whether a tensor on the tape may be held (as a constant from then on)
 * @param holdings where the tensors are listed until they are released, from before the first of them is made
 * @throws for a tensor that was disposed, and for one on the tape: gradients do not cross emissions
 */
export function hold<T>(
  operator: string,
  value: T,
  recorded: 'refused' | 'cut off' = 'refused',
  holdings?: Set<readonly Tensor[]>,
): Held<T> {
  assertOwnTensors(operator, 'value', value);
  forEachTensor(value, (tensor) => {
    tensor.assertUsable(operator, 'value');
    if (recorded === 'refused' && isRecorded(tensor)) {
      throw new Error(
        `${operator}: the value has a tensor of shape [${tensor.shape.join(',')}] that was computed from trainable variables and would be ` +
          `stored past its emission; gradients do not cross emissions. Put ${operator} before the model, or use ` +
          'predict(model) instead of mapTensor(model), which records nothing',
      );
    }
  });
  const trail = trailNow();
  let released = false;
  const tensors: Tensor[] = [];
  holdings?.add(tensors);
  // The last call: nothing that throws may come between this and its release.
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
