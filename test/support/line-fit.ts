/** For specs of training: points on a line, a model of it, and the losses of steps without streams. */
import { from, type Observable } from 'rxjs';
import * as dl from '../../src/index';
import { plain, read } from './marbles';
import { numbers as randomNumbers } from './reference';

/** Points on a line. */
export interface Batch {
  readonly x: dl.Tensor1D;
  readonly y: dl.Tensor1D;
}

/** A line to fit: its variables and its optimizer. */
export class Line {
  readonly slope = dl.tidy(() => dl.variable(dl.scalar(0)));
  readonly offset = dl.tidy(() => dl.variable(dl.scalar(0)));
  readonly optimizer: dl.Optimizer;

  constructor(optimizer: dl.Optimizer = dl.train.sgd(0.1)) {
    this.optimizer = optimizer;
  }

  readonly model = (x: dl.Tensor): dl.Tensor => dl.add(dl.mul(this.slope, x), this.offset);
  readonly loss = ({ x, y }: Batch): dl.Tensor => dl.losses.meanSquaredError(y, this.model(x));

  get values(): unknown {
    return plain([this.slope, this.offset]);
  }

  dispose(): void {
    dl.dispose([this.slope, this.offset]);
    this.optimizer.dispose();
  }
}

const next = randomNumbers(3);
export const batches: readonly { x: number[]; y: number[] }[] = Array.from({ length: 12 }, () => {
  const x = Array.from({ length: 4 }, () => next() * 2 - 1);
  return { x, y: x.map((each) => 3 * each - 1) };
});

/** A stream of the first `count` of {@link batches}, as tensors. */
export const batches$ = (count = batches.length): Observable<Batch> =>
  from(batches.slice(0, count)).pipe(dl.mapTensor(({ x, y }) => ({ x: dl.tensor1d(x), y: dl.tensor1d(y) })));

/** Runs a synchronous stream. Returns its values, with their tensors read, and its error as text. */
export function collect(stream: Observable<unknown>): { seen: unknown[]; error: string } {
  const result = { seen: [] as unknown[], error: '' };
  stream.pipe(read()).subscribe({
    next: (value) => result.seen.push(value),
    error: (error: unknown) => (result.error = String(error)),
  });
  return result;
}

/** The losses of the same steps, taken by the optimizer without streams. */
export function byHand(line: Line, count = batches.length): unknown[] {
  return batches
    .slice(0, count)
    .map(({ x, y }) =>
      dl.tidy(() =>
        plain(
          line.optimizer.minimize(
            () => line.loss({ x: dl.tensor1d(x), y: dl.tensor1d(y) }) as dl.Scalar,
            true,
          ),
        ),
      ),
    );
}
