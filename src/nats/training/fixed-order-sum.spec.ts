import * as dl from 'rxtensor';
import { meanInFixedOrder } from './fixed-order-sum';

const values = (seed: number, length = 37): Float32Array =>
  dl.tidy(() => dl.randomNormal([length], 0, 1, 'float32', seed).dataSync() as Float32Array);

function meanOf(parts: readonly { values: Float32Array; weight: number }[]): Float32Array {
  const result = new Float32Array(parts[0]!.values.length);
  meanInFixedOrder(parts, result);
  return result;
}

describe('meanInFixedOrder', () => {
  it('has the bits of trainStep with accumulate', () => {
    for (const members of [1, 2, 3, 4, 5, 7, 9]) {
      const parts = Array.from({ length: members }, (_, i) => ({ values: values(i), weight: 1 }));
      const accumulated = dl.tidy(() => {
        const size = Math.ceil(Math.sqrt(members));
        const blocks: dl.Tensor[] = [];
        for (let i = 0; i < members; i += size)
          blocks.push(
            parts.slice(i, i + size).reduce<dl.Tensor>((sum, each) => sum.add(each.values), dl.zeros([37])),
          );
        return blocks
          .reduce((sum, each) => sum.add(each))
          .div(members)
          .dataSync();
      });
      if (dl.getBackend() === 'cpu')
        expect(meanOf(parts))
          .withContext(`${members} members`)
          .toEqual(accumulated as Float32Array);
    }
  });

  it('weighs, and leaves out what has no weight, even where it is not a number', () => {
    const nothing = Float32Array.of(NaN, Infinity);
    const mean = meanOf([
      { values: Float32Array.of(1, 2), weight: 3 },
      { values: nothing, weight: 0 },
      { values: Float32Array.of(5, 10), weight: 1 },
    ]);
    expect(mean).toEqual(Float32Array.of(2, 4));
  });

  it('multiplies nothing where the weights are equal', () => {
    const tiny = Float32Array.of(1.1754944e-38);
    expect(
      meanOf([
        { values: tiny, weight: 1e-5 },
        { values: tiny, weight: 1e-5 },
      ]),
    ).toEqual(tiny);
  });

  it('takes all alike where none has any weight', () => {
    const parts = [1, 3].map((value) => ({ values: Float32Array.of(value), weight: 0 }));
    expect(meanOf(parts)).toEqual(Float32Array.of(2));
  });
});
