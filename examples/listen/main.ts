import {
  animationFrames,
  combineLatest,
  delay,
  distinctUntilChanged,
  filter,
  map,
  scan,
  share,
  shareReplay,
  startWith,
  timer,
  type Observable,
} from 'rxjs';
import { memory } from 'rxtensor';
import type { Note } from 'rxtensor/sound';
import { backendSwitch } from '../page/backend-switch';
import { showMemory } from '../page/memory-view';
import { formatWhole, none } from '../page/numbers';
import { element, setText } from '../page/page-element';
import { session, wantedOf, type SessionEvent } from '../page/pictures';
import { applyTheme, themeOf } from '../page/theme';
import { listening } from './listening';
import { showSoundSource, soundSourceOf, takeRecording } from './source-choice';
import { isWithoutMicrophone, showNoticesOf, showState, type StateEvent } from './state-view';
import { noteName, SECONDS, showNotes, showSpoken, spectrumIn, type Spoken } from './views';

type PageEvent = (ReturnType<typeof listening> extends Observable<infer E> ? E : never) | SessionEvent;

const theme = element('theme', HTMLButtonElement);
backendSwitch(element('settings', HTMLFormElement));
const before = memory();
const spectrum = spectrumIn();

// What the reader does …
const source$ = soundSourceOf();
const wanted$ = wantedOf(element('run', HTMLButtonElement));

// … what happens then …
const events$ = session(wanted$, source$, listening).pipe(share());

// … and what is seen of it.
const state$ = events$.pipe(
  map(stateOf),
  distinctUntilChanged((a, b) => a.kind === b.kind && a.kind !== 'loading' && a.kind !== 'failed'),
  shareReplay({ bufferSize: 1, refCount: true }),
);

/** What was heard in the last seconds, in the time of the sound. */
interface Heard {
  /** The time of the newest spectrum. */
  readonly now: number;
  readonly spoken: readonly Spoken[];
  readonly notes: readonly Note[];
}
const nothing: Heard = { now: 0, spoken: [], notes: [] };

const heard$ = events$.pipe(scan(heardAfter, nothing), startWith(nothing));

function stateOf(event: PageEvent): StateEvent {
  return event.kind === 'spectrum' ||
    event.kind === 'voice' ||
    event.kind === 'speech' ||
    event.kind === 'note' ||
    event.kind === 'lost'
    ? { kind: 'heard' }
    : event;
}

/** What is heard once an event has come; what is older than the pictures is left out. */
function heardAfter(heard: Heard, event: PageEvent): Heard {
  switch (event.kind) {
    case 'opening':
      return nothing;
    case 'spectrum': {
      const isNew = ({ end }: { readonly end: number | null }): boolean =>
        end === null || end > event.seconds - SECONDS;
      return { now: event.seconds, spoken: heard.spoken.filter(isNew), notes: heard.notes.filter(isNew) };
    }
    case 'speech': {
      const { isOn, since } = event.decision;
      const earlier = isOn ? heard.spoken : heard.spoken.slice(0, -1);
      const start = isOn ? since : (heard.spoken.at(-1)?.start ?? since);
      return { ...heard, spoken: [...earlier, { start, end: isOn ? null : since }] };
    }
    case 'note':
      return { ...heard, notes: [...heard.notes.filter(({ id }) => id !== event.note.id), event.note] };
    default:
      return heard;
  }
}

themeOf(theme).subscribe((name) => applyTheme(name, theme));
source$.subscribe(showSoundSource);
combineLatest([state$.pipe(map(({ kind }) => kind)), timer(0, 250)]).subscribe(([kind]) =>
  showMemory(kind === 'stopped' || kind === 'failed', before),
);
const isWithout$ = state$.pipe(
  map(isWithoutMicrophone),
  filter((isWithout) => isWithout),
);
isWithout$.pipe(delay(0)).subscribe(takeRecording);
combineLatest([state$, source$, isWithout$.pipe(startWith(false))]).subscribe(
  ([event, { kind }, isWithout]) => showNoticesOf(event, isWithout && kind === 'recording'),
);
state$.subscribe(showState);
// The newest of what was heard, as often as the screen shows something.
combineLatest([animationFrames(), heard$])
  .pipe(
    distinctUntilChanged(([a], [b]) => a === b),
    map(([, heard]) => heard),
  )
  .subscribe(({ now, spoken, notes }) => {
    showSpoken(spoken, now);
    showNotes(notes, now);
  });
events$.subscribe((event) => {
  switch (event.kind) {
    case 'opening':
      spectrum.clear();
      for (const id of ['latency', 'lost-sound', 'count', 'heard', 'speech']) setText(id, none);
      break;
    case 'spectrum':
      spectrum.add(event.seconds, event.decibels);
      break;
    case 'voice': {
      const { value, latency } = event.rates;
      setText('speech', `speech ${Math.round(100 * value)} %`);
      if (latency) {
        setText('latency', `${formatWhole(Math.round(latency.p50))} ms`);
        setText('latency-sub', `median; p95 ${formatWhole(Math.round(latency.p95))} ms`);
      }
      break;
    }
    case 'speech':
      element('speech', HTMLElement).classList.toggle('on', event.decision.isOn);
      break;
    case 'note': {
      const { id, midi, frequency, end } = event.note;
      setText('count', formatWhole(id));
      if (end === null) setText('heard', `${noteName(midi)} · ${frequency.toFixed(1)} Hz`);
      element('heard', HTMLElement).classList.toggle('on', end === null);
      break;
    }
    case 'lost':
      setText('lost-sound', event.seconds.toFixed(1));
      break;
    default:
  }
});
