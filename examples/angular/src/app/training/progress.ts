import type { Observable } from 'rxjs';

/** Where a training is. */
export interface Progress {
  readonly step: number;
  readonly loss: number;
  /** What the network says of `GRID` places, from left to right. */
  readonly curve: ArrayLike<number>;
}

/** Starts a training whose learning rate follows an observable. */
export type StartTraining = (rate$: Observable<number>) => Observable<Progress>;
