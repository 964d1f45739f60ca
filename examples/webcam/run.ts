import {
  concat,
  connect,
  defer,
  distinctUntilChanged,
  filter,
  ignoreElements,
  map,
  merge,
  of,
  share,
  switchMap,
  takeUntil,
  type Observable,
} from 'rxjs';
import { paint, type Tensor3D } from 'rxtensor';
import type { Rates } from 'rxtensor/vision';
import { picturesOf, type BeginningEvent, type PictureSource } from '../page/pictures';
import { publicModels } from '../page/public-models';
import type { Settings } from './controls';
import { scenes, type SceneName, type Stage } from './scenes';

/** What happens in a run. */
export type RunEvent =
  | BeginningEvent
  | {
      readonly kind: 'seen';
      /** How many frames were seen in this run. */
      readonly frames: number;
      readonly rates: Rates<unknown>;
    };

type SceneEvent = BeginningEvent | { readonly rates: Rates<unknown> };

/** The canvases that a run paints. */
export type Screens = Pick<Stage, 'canvas' | 'inset'>;

/**
 * One source of pictures, and what the reader chooses to see in them, one scene after the other. Nothing here frees a tensor: unsubscribing ends
 * everything, frees the models, and gives the camera back.
 */
export function run(
  screens: Screens,
  source: PictureSource,
  settings$: Observable<Settings>,
): Observable<RunEvent> {
  return defer(() => {
    let dropped = 0;
    let frames = 0;
    const onDrop = (count: number): void => void (dropped = count);
    const frames$ = picturesOf(source, { normalize: '0..1', onDrop }).pipe(share());
    const stage: Stage = { ...screens, settings$, dropped: () => dropped };
    const seen$ = settings$.pipe(
      map(({ scene }) => scene),
      distinctUntilChanged(),
      switchMap((name) => seenIn(name, frames$, stage)),
      map((event): RunEvent =>
        'rates' in event ? { kind: 'seen', frames: ++frames, rates: event.rates } : event,
      ),
    );
    // The second subscriber holds the camera while scenes change.
    return concat(of<RunEvent>({ kind: 'opening' }), merge(seen$, frames$.pipe(ignoreElements())));
  });
}

/** What a scene sees. While its models come, the pictures are shown as they are. */
function seenIn(name: SceneName, frames$: Observable<Tensor3D>, stage: Stage): Observable<SceneEvent> {
  const { models, pipeline } = scenes[name];
  return publicModels(models).pipe(
    connect((loading$) => {
      const loaded$ = loading$.pipe(
        filter((loading) => 'models' in loading),
        map((loading) => loading.models),
      );
      return merge(
        loaded$.pipe(
          switchMap((all) => pipeline(frames$, stage, all)),
          map((rates) => ({ rates })),
        ),
        loading$.pipe(
          filter((loading) => 'share' in loading),
          map(({ share: part }): SceneEvent => ({ kind: 'loading', share: part })),
        ),
        frames$.pipe(paint(stage.canvas), ignoreElements(), takeUntil(loaded$)),
      );
    }),
  );
}
