import * as dl from 'rxtensor';
import { defer, finalize, map, type Observable } from 'rxjs';

/** A line, and its error after a step. */
export interface Line {
  readonly step: number;
  readonly loss: number;
  readonly slope: number;
  readonly offset: number;
}

const points = { x: [1, 2, 3, 4], y: [3, 5, 7, 9] };

/** Learns a line through the points. Each subscription begins anew; unsubscribing ends it, and nothing is left. */
export function learnLine(): Observable<Line> {
  return defer(() => {
    const slope = dl.variable(0);
    const offset = dl.variable(0);
    const sgd = dl.train.sgd(0.02);
    return dl.examples(points, { epochs: Infinity, shuffle: true, seed: 1 }).pipe(
      dl.batch(2),
      dl.trainStep(sgd, ({ x, y }) => dl.losses.meanSquaredError(y, x.mul(slope).add(offset))),
      dl.predict((loss) => ({ loss, slope: slope.clone(), offset: offset.clone() })),
      dl.download(),
      map((line, i) => ({ step: i + 1, ...line })),
      finalize(() => {
        dl.dispose([slope, offset]);
        sgd.dispose();
      }),
    );
  });
}
