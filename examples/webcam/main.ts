import { combineLatest, map, shareReplay, timer } from 'rxjs';
import { memory } from 'rxtensor';
import { backendSwitch } from '../page/backend-switch';
import { element } from '../page/page-element';
import { applyTheme, themeOf } from '../page/theme';
import { settingsOf, showSettings, wantedOf } from './controls';
import { run } from './run';
import { session } from './session';
import { graphIn } from './views/graph';
import { showMemory, showReading, showState } from './views/state-view';

const theme = element('theme', HTMLButtonElement);
const screens = {
  camera: element('camera', HTMLCanvasElement),
  filtered: element('filtered', HTMLCanvasElement),
};
const form = element('settings', HTMLFormElement);
// Frames run on the backend of the moment: the reader may change it while the camera is on.
backendSwitch(form);
const before = memory();
let dropped = 0;

// What the reader does …
const settings$ = settingsOf(form);
const wanted$ = wantedOf(element('run', HTMLButtonElement));

// … what happens then: the state of the moment is for all who look, the one at the beginning too …
const events$ = session(wanted$, () => {
  dropped = 0;
  return run(screens, settings$, (count) => (dropped = count));
}).pipe(shareReplay({ bufferSize: 1, refCount: true }));

// … and what is seen of it.
const brightness = graphIn(element('brightness-line', SVGPolylineElement));
const motion = graphIn(element('motion-line', SVGPolylineElement), 4);
themeOf(theme).subscribe((name) => applyTheme(name, theme));
settings$.subscribe(showSettings);
combineLatest([events$.pipe(map(({ kind }) => kind)), timer(0, 250)]).subscribe(([kind]) =>
  showMemory(kind, before),
);
events$.subscribe((event) => {
  showState(event);
  showReading(event, dropped);
  if (event.kind === 'opening') {
    brightness.clear();
    motion.clear();
  } else if (event.kind === 'seen') {
    brightness.add(event.reading.brightness);
    motion.add(event.reading.motion);
  }
});
