import { ContextLostError } from '../tensor/backend';
import { isTensor } from '../tensor/container';
import { isTaped } from '../tensor/tape';
import type { Tensor } from '../tensor/tensor';
import { makeTensor } from '../tensor/tensor-like';
import { trailNow, waitUntil } from '../streams/emission';
import { errorClasses } from './portable-error';
import type { Side } from './side';

errorClasses.set('ContextLostError', ContextLostError);

/** A side that computes. The innermost scope owns the tensors that come. */
export const withEngine: Side<Tensor> = {
  isTensor,
  assertCanCross: (sender, path, tensor) => {
    tensor.assertUsable(sender, path);
    if (!isTaped(tensor)) return;
    throw new Error(
      `${sender}: '${path}' is a tensor of shape [${tensor.shape.join(',')}] that was computed from trainable variables; ` +
        'gradients do not cross between page and worker. Compute the loss and take the step on one side, or use predict(model) instead of ' +
        'mapTensor(model), which tapes nothing',
    );
  },
  read: (tensor) => tensor.data(),
  make: (receiver, { values, shape, dtype }) => makeTensor(receiver, values, shape, dtype),
  trailNow,
  waitUntil,
};
