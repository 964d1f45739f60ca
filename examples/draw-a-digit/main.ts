import {
  animationFrameScheduler,
  auditTime,
  combineLatest,
  filter,
  scan,
  share,
  startWith,
  timer,
  type BehaviorSubject,
  type Observable,
} from 'rxjs';
import { backendSwitch } from '../page/backend-switch';
import { showNotices } from '../page/notices';
import { element } from '../page/page-element';
import { applyTheme, themeOf } from '../page/theme';
import { commandsOf } from '../mnist/controls/commands';
import { rateOf, showRate } from '../mnist/controls/rate';
import { settingsOf, type Settings } from '../mnist/controls/settings';
import { emptyCurve, extend } from '../mnist/training/curve';
import { advance, idle } from '../mnist/training/progress';
import { run } from '../mnist/training/run';
import { session } from '../mnist/training/session';
import { chartIn } from '../mnist/views/chart';
import { memoryReadout } from '../mnist/views/memory-readout';
import { showMetrics } from '../mnist/views/metrics-view';
import { noticesOf } from '../mnist/views/notices';
import { showTransport } from '../mnist/views/transport-view';
import { answerIn, showInk } from './answer';
import { reads } from './reads';
import { strokesOn } from './strokes';

/** It learns on until the reader stops it, or for so long. */
const ENDLESS = { batchSize: 64, epochs: 100 };

const form = element('settings', HTMLFormElement);
const theme = element('theme', HTMLButtonElement);
const canUseWebGL = backendSwitch(form);

// What the reader does …
const commands$ = commandsOf(element('run', HTMLButtonElement), element('stop', HTMLButtonElement));
const settings$ = settingsOf(form);
const rate$ = rateOf(element('rate', HTMLInputElement));
const ink$ = strokesOn(element('drawing', HTMLCanvasElement), element('clear', HTMLButtonElement));

// … what happens then …
const learn = (settings: Settings, used$: Observable<number>, paused$: BehaviorSubject<boolean>) =>
  run({ ...settings, ...ENDLESS }, used$, paused$, reads(ink$));
const events$ = session(commands$, settings$, rate$, learn).pipe(share());

// … and what is seen of it.
const progress$ = events$.pipe(scan(advance, idle), startWith(idle));
const curve$ = events$.pipe(scan(extend, emptyCurve()));
const perFrame = <T>() => auditTime<T>(0, animationFrameScheduler);
const chart = chartIn(element('panels', HTMLElement), emptyCurve());
const memory = memoryReadout();
const answer = answerIn(element('bars', HTMLOListElement));

themeOf(theme).subscribe((name) => {
  applyTheme(name, theme);
  chart.restyle();
});
// The chart is drawn on a canvas, which does not notice that a font has arrived.
void document.fonts.ready.then(chart.restyle);
rate$.subscribe(showRate);
ink$.subscribe((ink) => {
  showInk(ink);
  if (!ink) answer.clear();
});
answer.clear();
events$.subscribe((event) => {
  if (event.kind === 'drawing-read') answer.show(event.probabilities);
  // What is gone reads no more.
  else if (event.kind === 'loading' || event.kind === 'stopped') answer.clear();
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
