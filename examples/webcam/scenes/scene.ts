import type { Observable } from 'rxjs';
import type { Tensor3D } from 'rxtensor';
import type { Rates } from 'rxtensor/vision';
import type { Models } from '../../page/public-models';
import type { Settings } from '../controls';

/** Where a scene shows what it sees. */
export interface Stage {
  readonly canvas: HTMLCanvasElement;
  /** A smaller one in its corner. */
  readonly inset: HTMLCanvasElement;
  readonly settings$: Observable<Settings>;
  /** How many frames were dropped so far. */
  readonly dropped: () => number;
}

/** What can be seen in the pictures: the models that it takes, and the observable that uses them. */
export interface Scene<Name extends string = string> {
  readonly models: readonly Name[];
  /** The frames are float32 [height, width, 3] from 0 to 1, shared by all who look. */
  readonly pipeline: (
    frames$: Observable<Tensor3D>,
    stage: Stage,
    models: Models<Name>,
  ) => Observable<Rates<unknown>>;
  /** The text of the file that the pipeline stands in: the page shows what runs. */
  readonly code: string;
}
