import {
  animationFrameScheduler,
  auditTime,
  catchError,
  combineLatest,
  defer,
  EMPTY,
  exhaustMap,
  filter,
  ignoreElements,
  map,
  merge,
  of,
  scan,
  share,
  startWith,
  take,
  timer,
} from 'rxjs';
import { backendSwitch } from '../page/backend-switch';
import { showNotices } from '../page/notices';
import { element } from '../page/page-element';
import { applyTheme, themeOf } from '../page/theme';
import { commandsOf } from './controls/commands';
import { showRate, rateOf } from './controls/rate';
import { settingsOf, showSettings } from './controls/settings';
import { emptyCurve, extend } from './training/curve';
import { firstDigits, loadTestDigits } from './training/digits';
import { describeFailure } from './training/failure';
import { advance, idle } from './training/progress';
import { session } from './training/session';
import { chartIn } from './views/chart';
import { digitGrid } from './views/digit-grid';
import { memoryReadout } from './views/memory-readout';
import { showMetrics } from './views/metrics-view';
import { noticesOf } from './views/notices';
import { showTransport } from './views/transport-view';

/** Digits in the grid. */
const SHOWN = 42;

const form = element('settings', HTMLFormElement);
const slider = element('rate', HTMLInputElement);
const theme = element('theme', HTMLButtonElement);
const canUseWebGL = backendSwitch(form);

// What the reader does …
const commands$ = commandsOf(element('run', HTMLButtonElement), element('stop', HTMLButtonElement));
const settings$ = settingsOf(form);
const rate$ = rateOf(slider);

// … what happens then …
const preview$ = defer(loadTestDigits);
const noPreview$ = preview$.pipe(
  ignoreElements(),
  catchError((error: unknown) => of(describeFailure(error))),
);
const events$ = merge(noPreview$, session(commands$, settings$, rate$)).pipe(share());

// … and what is seen of it.
const progress$ = events$.pipe(scan(advance, idle), startWith(idle));
const curve$ = events$.pipe(scan(extend, emptyCurve()));
const grid$ = merge(of(null), events$.pipe(filter(({ kind }) => kind === 'started'))).pipe(
  exhaustMap(() => preview$.pipe(catchError(() => EMPTY))),
  take(1),
  map((digits) => digitGrid(firstDigits(digits, SHOWN))),
);
const guesses$ = events$.pipe(
  filter((event) => 'guesses' in event || event.kind === 'loading'),
  map((event) => ('guesses' in event ? event.guesses : null)),
  startWith(null),
);
const perFrame = <T>() => auditTime<T>(0, animationFrameScheduler);

const chart = chartIn(element('panels', HTMLElement), emptyCurve());
const memory = memoryReadout();

themeOf(theme).subscribe((name) => {
  applyTheme(name, theme);
  chart.restyle();
});
// The chart is drawn on a canvas, which does not notice that a font has arrived.
void document.fonts.ready.then(chart.restyle);
rate$.subscribe(showRate);
settings$.subscribe(showSettings);
combineLatest([grid$, guesses$]).subscribe(([grid, guesses]) => {
  if (guesses) grid.show(guesses);
  else grid.clear();
});
events$.pipe(filter(({ kind }) => kind === 'loading')).subscribe(memory.markStart);
combineLatest([progress$, timer(0, 250)])
  .pipe(perFrame())
  .subscribe(([progress]) => memory.show(progress));
curve$.pipe(auditTime(60), perFrame()).subscribe(chart.draw);
progress$.pipe(perFrame()).subscribe((progress) => {
  showTransport(progress);
  showMetrics(progress);
  showNotices(element('notices', HTMLElement), noticesOf(progress, canUseWebGL));
});
