import {
  concatMap,
  defer,
  endWith,
  map,
  merge,
  of,
  share,
  startWith,
  switchMap,
  takeWhile,
  type Observable,
} from 'rxjs';
import { download } from 'rxtensor';
import { onnx } from 'rxtensor/models';
import {
  decisions,
  notes,
  pitch,
  resample,
  spectrogram,
  specs,
  voiceActivity,
  type Decision,
  type Note,
} from 'rxtensor/sound';
import { rates, withTime, type Rates } from 'rxtensor/vision';
import { publicModels } from '../page/public-models';
import type { BeginningEvent } from '../page/pictures';
import { RATE, soundOf, type SoundSource } from './sources';

/** The mels of a spectrum. */
export const MELS = 64;

/** What is heard, in the time of the sound. */
export type HeardEvent =
  | { readonly kind: 'spectrum'; readonly seconds: number; readonly decibels: ArrayLike<number> }
  | { readonly kind: 'voice'; readonly seconds: number; readonly rates: Rates<number> }
  | { readonly kind: 'speech'; readonly decision: Decision<number> }
  | { readonly kind: 'note'; readonly note: Note }
  | { readonly kind: 'lost'; readonly seconds: number };

const files = {
  silero: { file: 'vad-web/silero_vad_v5.onnx', format: onnx },
  'basic-pitch': { file: 'basic-pitch/model.json' },
} as const;

/** The source has ended. */
const OVER = { kind: 'over' } as const;

/** Loads both models, and then listens until the source ends. */
export function listening(source: SoundSource): Observable<BeginningEvent | HeardEvent> {
  return publicModels(['silero', 'basic-pitch'], files).pipe(
    switchMap((loading): Observable<BeginningEvent | HeardEvent | typeof OVER> => {
      if ('share' in loading) return of({ kind: 'loading', share: loading.share });
      const { silero, 'basic-pitch': basicPitch } = loading.models;
      return defer(() => {
        let lost = 0;
        const losses: HeardEvent[] = [];
        const sound$ = soundOf(source, ({ seconds }) => {
          lost += seconds;
          losses.push({ kind: 'lost', seconds: lost });
        }).pipe(share());

        const spectra$ = sound$.pipe(
          spectrogram({
            kind: 'logMel',
            sampleRate: RATE,
            frame: 1024,
            hop: 512,
            mels: MELS,
            low: 60,
            high: 8000,
          }),
          download(),
          withTime(),
          map(({ value, time }): HeardEvent => ({
            kind: 'spectrum',
            seconds: time?.media ?? 0,
            decibels: value as unknown as Float32Array,
          })),
        );
        const voice$ = sound$.pipe(
          resample({ from: RATE, to: specs.silero.sampleRate }),
          voiceActivity(silero),
          share(),
        );
        const probabilities$ = voice$.pipe(
          rates(),
          withTime(),
          map(({ value, time }): HeardEvent => ({ kind: 'voice', seconds: time?.media ?? 0, rates: value })),
        );
        const speech$ = voice$.pipe(
          decisions({ aboveFor: 0.06, belowFor: 0.4 }),
          map((decision): HeardEvent => ({ kind: 'speech', decision })),
        );
        const notes$ = sound$.pipe(
          pitch(basicPitch, { every: 21 }),
          notes(),
          map((note): HeardEvent => ({ kind: 'note', note })),
        );
        const withLosses = (event: HeardEvent): HeardEvent[] => [event, ...losses.splice(0)];
        return merge(spectra$, probabilities$, speech$, notes$).pipe(
          concatMap(withLosses),
          startWith<HeardEvent>({ kind: 'lost', seconds: 0 }),
          endWith(OVER),
        );
      });
    }),
    // The models stay as long as somebody listens.
    takeWhile((event): event is BeginningEvent | HeardEvent => event.kind !== 'over'),
    startWith<BeginningEvent | HeardEvent>({ kind: 'opening' }),
  );
}
