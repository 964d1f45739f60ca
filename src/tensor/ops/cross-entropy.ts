import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { mul, neg, sub } from './arithmetic';
import { sum } from './reduction';
import { reshape } from './reshape';
import { logSoftmax, softmax } from './softmax';

type Attributes = KernelAttributes['crossEntropy'];

/** Appends an axis of extent 1, so that one number a row broadcasts along the row. */
function column(rows: Tensor): Tensor {
  return reshape(rows, [...rows.shape, 1]);
}

const rule: GradientRule<Attributes> = {
  inputs: [0, 1],
  gradients: (c) => [
    () => neg(mul(column(c.dy), logSoftmax(c.input(1)))),
    () =>
      dispatchOne(
        'softmaxCrossEntropyGradient',
        'crossEntropyGradient',
        [c.input(0), c.input(1), c.dy],
        c.inputShape(1),
        'float32',
        c.attributes,
        gradientRule,
      ),
  ],
};

/** The gradients of the gradient dx = dy · (p · Σ labels − labels), where p is the softmax: for second derivatives. */
const gradientRule: GradientRule<Attributes> = {
  inputs: [0, 1, 2],
  gradients: (c) => {
    const [labels, logits, dy] = [c.input(0), c.input(1), column(c.input(2))];
    const along = (x: Tensor, y: Tensor): Tensor => sum(mul(x, y), -1, true);
    return [
      () => mul(dy, sub(along(c.dy, softmax(logits)), c.dy)),
      () => {
        const p = softmax(logits);
        return mul(mul(dy, sum(labels, -1, true)), mul(p, sub(c.dy, along(c.dy, p))));
      },
      () => sum(mul(c.dy, sub(mul(softmax(logits), sum(labels, -1, true)), labels)), -1),
    ];
  },
};

/** −Σ labels · log softmax(logits) along the last axis, in one kernel. Both inputs are float32 and of one shape. */
export function crossEntropy(labels: Tensor, logits: Tensor): Tensor {
  const shape = logits.shape.slice(0, -1);
  const attributes = { outer: sizeOf(shape), extent: logits.shape.at(-1) ?? 1, inner: 1 };
  return dispatchOne(
    'softmaxCrossEntropy',
    'crossEntropy',
    [labels, logits],
    shape,
    'float32',
    attributes,
    rule,
  );
}
