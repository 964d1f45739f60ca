import { auditTime, combineLatest, filter, map, startWith, type Observable } from 'rxjs';
import { download, mapTensor, predict, tensor3d } from 'rxtensor';
import { probabilities } from '../mnist-model';
import type { DrawingRead } from '../mnist/training/run-event';
import type { Beside } from '../mnist/training/training';

/** Reads what is drawn after each stroke, and again as the network learns. */
export function reads(ink$: Observable<Float32Array | null>): Beside {
  return (model, steps$) =>
    combineLatest([ink$, steps$.pipe(startWith(null))]).pipe(
      // Steps may come faster than anybody sees.
      auditTime(40),
      map(([ink]) => ink),
      filter((ink) => ink !== null),
      mapTensor((ink) => tensor3d(ink, [1, 28, 28])),
      predict((image) => probabilities(model, image)),
      download(),
      map((read): DrawingRead => ({ kind: 'drawing-read', probabilities: read })),
    );
}
