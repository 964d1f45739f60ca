import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import type { NodeCall, OpRow, OpTable } from '../row';
import { placeOf, setting } from './call';

type Reduce = (x: Tensor, axes: number[], keepDims: boolean) => Tensor;

const reduction = (f: Reduce): OpRow => ({
  run: (call) => {
    const { attributes } = call;
    const [x] = call.x as [Tensor];
    const axes = setting(call, 'axes', 1).map((axis) => placeOf(call, axis, x.rank));
    if (axes.length === 0 && attributes.number('noop_with_empty_axes', 0) !== 0) return x;
    const every = axes.length > 0 ? axes : x.shape.map((_, axis) => axis);
    const y = f(x, every, attributes.number('keepdims', 1) !== 0);
    // Integers give integers.
    return x.dtype === 'int32' && y.dtype === 'float32' ? dl.cast(y, 'int32') : y;
  },
  host: [1],
});

const greatestAt =
  (f: typeof dl.argMax): OpRow['run'] =>
  (call: NodeCall) => {
    const { attributes } = call;
    const [x] = call.x as [Tensor];
    const axis = placeOf(call, attributes.number('axis', 0), x.rank);
    const isLast = attributes.number('select_last_index', 0) !== 0;
    const at = f(isLast ? dl.reverse(x, axis) : x, axis);
    const place = isLast ? dl.sub(dl.scalar(x.shape[axis]! - 1, 'int32'), at) : at;
    return attributes.number('keepdims', 1) === 0 ? place : dl.expandDims(place, axis);
  };

export const reductions = (): OpTable => ({
  ReduceSum: reduction(dl.sum),
  ReduceMean: reduction(dl.mean),
  ReduceMax: reduction(dl.max),
  ReduceMin: reduction(dl.min),
  ReduceProd: reduction(dl.prod),
  ReduceL1: reduction((x, axes, keepDims) => dl.sum(dl.abs(x), axes, keepDims)),
  ReduceL2: reduction((x, axes, keepDims) => dl.sqrt(dl.sum(dl.square(x), axes, keepDims))),
  ReduceLogSum: reduction((x, axes, keepDims) => dl.log(dl.sum(x, axes, keepDims))),
  ReduceLogSumExp: reduction((x, axes, keepDims) => dl.logSumExp(x, axes, keepDims)),
  ReduceSumSquare: reduction((x, axes, keepDims) => dl.sum(dl.square(x), axes, keepDims)),
  ArgMax: { run: greatestAt(dl.argMax) },
  ArgMin: { run: greatestAt(dl.argMin) },
  CumSum: {
    run: ({ x, numbers, attributes }) =>
      dl.cumsum(
        x[0]!,
        numbers(1)[0],
        attributes.number('exclusive', 0) !== 0,
        attributes.number('reverse', 0) !== 0,
      ),
    host: [1],
  },
});
