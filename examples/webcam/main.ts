import { combineLatest, delay, filter, map, shareReplay, startWith, timer } from 'rxjs';
import { memory } from 'rxtensor';
import { backendSwitch } from '../page/backend-switch';
import { element } from '../page/page-element';
import { showMemory } from '../page/memory-view';
import {
  isWithoutCamera,
  pictureSourceOf,
  session,
  showNoticesOf,
  showPictureSource,
  showState,
  sourceCode,
  takeClip,
  wantedOf,
} from '../page/pictures';
import { applyTheme, themeOf } from '../page/theme';
import { settingsOf, showSettings } from './controls';
import { run } from './run';
import { scenes } from './scenes';
import { graphIn } from './views/graph';
import { showListing } from './views/listing';
import { readingOf, showNumbers, showReading } from './views/numbers-view';

const theme = element('theme', HTMLButtonElement);
const screens = {
  canvas: element('screen', HTMLCanvasElement),
  inset: element('inset', HTMLCanvasElement),
};
const form = element('settings', HTMLFormElement);
// Frames run on the backend of the moment: the reader may change it while the camera is on.
backendSwitch(form);
const before = memory();

// What the reader does …
const settings$ = settingsOf(form);
const source$ = pictureSourceOf();
const wanted$ = wantedOf(element('run', HTMLButtonElement));

// … what happens then: the state of the moment is for all who look, the one at the beginning too …
const events$ = session(wanted$, source$, (source) => run(screens, source, settings$)).pipe(
  shareReplay({ bufferSize: 1, refCount: true }),
);

// … and what is seen of it.
const brightness = graphIn(element('brightness-line', SVGPolylineElement));
const motion = graphIn(element('motion-line', SVGPolylineElement), 4);
const isWithout$ = events$.pipe(
  map(isWithoutCamera),
  filter((isWithout) => isWithout),
);

themeOf(theme).subscribe((name) => applyTheme(name, theme));
settings$.subscribe(showSettings);
source$.subscribe(showPictureSource);
combineLatest([settings$, source$]).subscribe(([{ scene }, { kind }]) =>
  showListing(element('listing', HTMLElement), scenes[scene], sourceCode[kind]),
);
combineLatest([events$.pipe(map(({ kind }) => kind)), timer(0, 250)]).subscribe(([kind]) =>
  showMemory(kind === 'stopped' || kind === 'failed', before),
);
// When all have seen that there is none.
isWithout$.pipe(delay(0)).subscribe(takeClip);
combineLatest([events$, source$, isWithout$.pipe(startWith(false))]).subscribe(
  ([event, { kind }, isWithout]) => showNoticesOf(event, isWithout && kind === 'clip'),
);
events$.subscribe(showState);
events$.subscribe((event) => {
  showNumbers(event);
  const reading = event.kind === 'seen' ? readingOf(event.rates) : null;
  if (reading) {
    showReading(reading);
    brightness.add(reading.brightness);
    motion.add(reading.motion);
  } else {
    brightness.clear();
    motion.clear();
  }
});
