import type { Observable } from 'rxjs';
import {
  batch,
  examples,
  losses,
  scalar,
  tidy,
  train,
  trainStep,
  variable,
  type Optimizer,
  type Peers,
  type Scalar,
  type Variable,
} from 'rxtensor';

/** A line through points: the smallest model there is. */
export interface Line {
  readonly slope: Variable;
  readonly optimizer: Optimizer;
  readonly dispose: () => void;
}

const POINTS = { x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] };
export const LINE_STEPS = 30;

export function beginLine(): Line {
  const slope = tidy(() => variable(scalar(0), true, 'slope'));
  const optimizer = train.adam(0.05);
  return {
    slope,
    optimizer,
    dispose: () => {
      slope.dispose();
      optimizer.dispose();
    },
  };
}

/** Trains it together with others. */
export function lineSteps({ slope, optimizer }: Line, peers?: Peers): Observable<Scalar> {
  return examples(POINTS, { epochs: (LINE_STEPS * 4) / 6 }).pipe(
    batch(4),
    trainStep(optimizer, ({ x, y }) => losses.meanSquaredError(y, slope.mul(x)), peers ? { peers } : {}),
  );
}
