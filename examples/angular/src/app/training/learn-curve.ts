import * as dl from 'rxtensor';
import { defer, finalize, map, type Observable } from 'rxjs';
import { GRID, points } from './points';
import type { Progress } from './progress';

const UNITS = 24;
const EPOCHS = 750;

/**
 * A network with one hidden layer learns the points, in 3,000 steps. Each subscription trains a network of its own, and frees it at its end.
 *
 * @param rate$ the learning rate, which may change meanwhile
 */
export function learnCurve(rate$: Observable<number>): Observable<Progress> {
  return defer(() => {
    const weights = dl.variable(() => dl.randomNormal([1, UNITS], 0, 3, 'float32', 1));
    const places = dl.variable(() => dl.randomNormal([UNITS], 0, 1, 'float32', 2));
    const heights = dl.variable(() => dl.randomNormal([UNITS, 1], 0, 0.1, 'float32', 3));
    const model = (x: dl.Tensor): dl.Tensor1D =>
      x.reshape([-1, 1]).matMul(weights).add(places).tanh().matMul(heights).flatten();
    const adam = dl.train.adam(0.01);

    return dl.examples(points, { epochs: EPOCHS, shuffle: true, seed: 1 }).pipe(
      dl.batch(15),
      dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, model(x)), { learningRate: rate$ }),
      dl.predict((loss) => ({ loss, curve: model(dl.linspace(-1, 1, GRID)) })),
      dl.download(),
      map(({ loss, curve }, i) => ({ step: i + 1, loss, curve })),
      finalize(() => {
        dl.dispose([weights, places, heights]);
        adam.dispose();
      }),
    );
  });
}
