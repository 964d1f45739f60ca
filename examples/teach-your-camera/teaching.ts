import {
  concat,
  connect,
  defer,
  filter,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  of,
  scan,
  share,
  switchMap,
  takeWhile,
  tap,
  type Observable,
} from 'rxjs';
import {
  batch,
  download,
  examples,
  paint,
  predict,
  train,
  trainStep,
  type Tensor1D,
  type Tensor3D,
} from 'rxtensor';
import type { GraphModel } from 'rxtensor/models';
import { picturesOf, type BeginningEvent, type PictureSource } from '../page/pictures';
import { publicModels } from '../page/public-models';
import { featuresOf, FEATURES } from './features';
import { disposeHead, headLoss, newHead, probabilities, restoreHead, savedHead, type Lesson } from './head';

/** How long a press of a button shows examples, and how many it shows at least. */
const SHOWING = 2000;
const LEAST = 8;
/** How often all examples are seen after each press. */
const EPOCHS = 60;

/** So many examples of a class were shown, in this press of its button. */
interface ShownEvent {
  readonly kind: 'shown';
  readonly label: number;
  readonly count: number;
  readonly isOver: boolean;
}

/** What happens in a run. */
export type TeachingEvent =
  | BeginningEvent
  /** A picture was seen, and taken for these classes once there is a head that was taught. */
  | { readonly kind: 'seen'; readonly probabilities: ArrayLike<number> }
  | ShownEvent
  | { readonly kind: 'learned'; readonly loss: number }
  /** The head as a file, after each lesson. */
  | { readonly kind: 'saved'; readonly file: Uint8Array };

/** What the reader does in a run. */
export interface Teacher {
  /** Shows examples of a class, by its number. */
  readonly presses$: Observable<number>;
  /** Heads that were trained before. */
  readonly imports$: Observable<Uint8Array>;
  /** The names of the classes, for the file. */
  readonly names: () => readonly string[];
}

interface Example {
  readonly x: ArrayLike<number>;
  readonly label: number;
}

/**
 * The camera, a public model that sees features in its pictures, and a head that is taught what they mean. Unsubscribing frees all, and gives the
 * camera back.
 */
export function teaching(
  canvas: HTMLCanvasElement,
  source: PictureSource,
  teacher: Teacher,
): Observable<TeachingEvent> {
  return defer(() => {
    const frames$ = picturesOf(source, { normalize: '0..1' }).pipe(paint(canvas), share());
    const taught$ = publicModels(['movenet-lightning']).pipe(
      switchMap((loading) =>
        'models' in loading
          ? lessons(loading.models['movenet-lightning'], frames$, teacher)
          : of<TeachingEvent>({ kind: 'loading', share: loading.share }),
      ),
    );
    // The second subscriber shows the pictures while the model comes.
    return concat(of<TeachingEvent>({ kind: 'opening' }), merge(taught$, frames$.pipe(ignoreElements())));
  });
}

function lessons(
  model: GraphModel,
  frames$: Observable<Tensor3D>,
  { presses$, imports$, names }: Teacher,
): Observable<TeachingEvent> {
  return defer(() => {
    const head = newHead();
    const adam = train.adam(0.01);
    const features$ = frames$.pipe(
      predict((picture) => featuresOf(model, picture)),
      share(),
    );
    const read$ = features$.pipe(
      predict((features) => probabilities(head, features)),
      download(),
      map((all): TeachingEvent => ({ kind: 'seen', probabilities: all })),
    );
    const imported$ = imports$.pipe(
      tap((file) => restoreHead(head, file)),
      ignoreElements(),
    );
    const lesson = (all: readonly Example[]): Observable<TeachingEvent> =>
      concat(
        examples(dataOf(all), { epochs: EPOCHS, shuffle: true, seed: all.length }).pipe(
          batch(16),
          trainStep(adam, (some) => headLoss(head, some as Lesson)),
          download(),
          map((loss): TeachingEvent => ({ kind: 'learned', loss })),
        ),
        defer(() => from(savedHead(head, names()))).pipe(
          map((file): TeachingEvent => ({ kind: 'saved', file })),
        ),
      );
    const learned$ = presses$.pipe(
      switchMap((label) => shownBy(features$, label)),
      connect((shown$) =>
        merge(
          shown$.pipe(map(({ event }) => event)),
          shown$.pipe(
            filter(({ event }) => event.isOver),
            scan((all, { shown }) => [...all, ...shown], new Array<Example>()),
            // One class alone teaches nothing.
            filter((all) => new Set(all.map(({ label }) => label)).size > 1),
            switchMap(lesson),
          ),
        ),
      ),
    );
    return merge(read$, learned$, imported$).pipe(
      finalize(() => {
        adam.dispose();
        disposeHead(head);
      }),
    );
  });
}

/** One press of a button: the examples so far. */
function shownBy(
  features$: Observable<Tensor1D>,
  label: number,
): Observable<{ readonly event: ShownEvent; readonly shown: readonly Example[] }> {
  return defer(() => {
    const start = performance.now();
    return features$.pipe(
      download(),
      scan((all, x) => [...all, { x: x, label }], new Array<Example>()),
      map((all) => ({
        all,
        isOver: all.length >= LEAST && performance.now() - start >= SHOWING,
      })),
      takeWhile(({ isOver }) => !isOver, true),
      map(({ all, isOver }) => ({
        event: { kind: 'shown' as const, label, count: all.length, isOver },
        shown: all,
      })),
    );
  });
}

/** Examples as columns. */
function dataOf(all: readonly Example[]) {
  const values = new Float32Array(all.length * FEATURES);
  all.forEach(({ x }, i) => values.set(x, i * FEATURES));
  return {
    xs: { values, shape: [all.length, FEATURES] },
    ys: Int32Array.from(all, ({ label }) => label),
  };
}
