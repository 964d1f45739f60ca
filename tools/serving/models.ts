/** The models that the measurement serves, made alike in every process. */
import * as dl from 'rxtensor';

export interface Measured {
  readonly model: (x: dl.Tensor) => dl.Tensor;
  /** The shape of a request. */
  readonly shape: readonly number[];
}

/** A network of dense layers of these widths, which works on so many copies of its one row. */
function dense(widths: readonly number[], copies: number): Measured {
  const weights = widths.slice(1).map((width, i) =>
    dl.tidy(() => {
      const from = widths[i]!;
      return dl.randomNormal([from, width], 0, Math.sqrt(2 / from), 'float32', 7 + i);
    }),
  );
  return {
    shape: [1, widths[0]!],
    model: (x) => {
      const whole = copies === 1 ? x : x.tile([copies, 1]);
      const y = weights.reduce<dl.Tensor>((h, w) => h.matMul(w).relu(), whole);
      return copies === 1 ? y : y.mean(0, true);
    },
  };
}

export const models: Readonly<Record<string, () => Measured>> = {
  /** Some 20 ms of arithmetic a request. */
  heavy: () => dense([512, 512, 512, 512, 512, 512, 512, 512, 512], 64),
  /** One row, for which the weights are read from memory: a batch of rows reads them once. */
  wide: () => dense([784, 2048, 2048, 10], 1),
};
