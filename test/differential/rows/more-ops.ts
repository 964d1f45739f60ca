// The ops of rxtensor/ops, against those of TensorFlow.js that it has.
import * as fc from 'fast-check';
import { between, distinct, integers, ofShape } from '../arbitraries';
import type { Argument } from '../operand';
import type { Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;

const triple = (low: number, high: number): fc.Arbitrary<number[]> =>
  fc.array(integers(low, high), { minLength: 3, maxLength: 3 });

const small = between(-2, 2);

const windows = fc.record({
  batch: integers(1, 2),
  extents: triple(3, 5),
  filter: triple(1, 3),
  strides: triple(1, 2),
  channels: integers(1, 3),
  out: integers(1, 2),
  pad: fc.constantFrom('same' as const, 'valid' as const),
});

const convolutions: Drawn = windows.chain(({ batch, extents, filter, strides, channels, out, pad }) =>
  fc.tuple(
    ofShape([batch, ...extents, channels], small),
    ofShape([...filter, channels, out], small),
    fc.constant(strides),
    fc.constant(pad),
  ),
);

const transposed: Drawn = windows.chain(({ batch, extents, filter, strides, channels, out, pad }) => {
  const result = extents.map((extent, i) =>
    pad === 'same' ? Math.ceil(extent / strides[i]!) : Math.floor((extent - filter[i]!) / strides[i]!) + 1,
  );
  return fc.tuple(
    ofShape([batch, ...result, out], small),
    ofShape([...filter, channels, out], small),
    fc.constant([batch, ...extents, channels]),
    fc.constant(strides),
    fc.constant(pad),
  );
});

const pools = (make: typeof ofShape, paddings: readonly ('same' | 'valid')[]): Drawn =>
  windows
    .filter(({ pad }) => paddings.includes(pad))
    .chain(({ batch, extents, filter, strides, channels, pad }) =>
      fc.tuple(
        make([batch, ...extents, channels]),
        ...[filter, strides, pad].map((each) => fc.constant(each)),
      ),
    );

export const moreOps: Rows = {
  conv3d: { args: convolutions, gradient: convolutions },
  conv3dTranspose: { args: transposed, gradient: transposed },
  maxPool3d: { args: pools(ofShape, ['same', 'valid']), gradient: pools(distinct, ['same', 'valid']) },
  avgPool3d: {
    args: pools(ofShape, ['same', 'valid']),
    gradient: pools(ofShape, ['valid']),
    oracleIsWrong: 'its gradient divides by the whole window at a border too',
  },
};
