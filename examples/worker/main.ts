import {
  animationFrameScheduler,
  auditTime,
  catchError,
  combineLatest,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  from,
  map,
  merge,
  sampleTime,
  scan,
  share,
  shareReplay,
  skip,
  startWith,
  timer,
  withLatestFrom,
  type Observable,
} from 'rxjs';
import { commandsOf, type Command } from '../mnist/controls/commands';
import { rateOf, showRate } from '../mnist/controls/rate';
import { settingsOf } from '../mnist/controls/settings';
import { emptyCurve, extend } from '../mnist/training/curve';
import { loadTestDigits } from '../mnist/training/digits';
import { advance, idle, isUnderWay, type Progress } from '../mnist/training/progress';
import { session } from '../mnist/training/session';
import { chartIn } from '../mnist/views/chart';
import { memoryReadout } from '../mnist/views/memory-readout';
import { showMetrics } from '../mnist/views/metrics-view';
import { noticesOf } from '../mnist/views/notices';
import { showTransport } from '../mnist/views/transport-view';
import { backendSwitch } from '../page/backend-switch';
import { showNotices } from '../page/notices';
import { formatWhole } from '../page/numbers';
import { element, setText } from '../page/page-element';
import { applyTheme, themeOf } from '../page/theme';
import { frameStrip } from './frame-strip';
import { framesPerSecond, gaps$, longestGap } from './frames';
import { placeOf, runInPlace } from './place';
import { drawSheet, scrollOf } from './wall';

const form = element('settings', HTMLFormElement);
const theme = element('theme', HTMLButtonElement);
const wall = element('wall', HTMLElement);
const byItself = element('by-itself', HTMLInputElement);
// A worker supports what the page does.
const canUseWebGL = backendSwitch(form);
byItself.checked = !matchMedia('(prefers-reduced-motion: reduce)').matches;

// What the reader does: pressing the buttons, and moving a run that is under way to the other thread, where it starts anew.
const rate$ = rateOf(element('rate', HTMLInputElement));
const settings$ = combineLatest([settingsOf(form), placeOf(form)]).pipe(
  map(([settings, place]) => ({ ...settings, place })),
  shareReplay(1),
);
const moves$ = settings$.pipe(
  map(({ place }) => place),
  distinctUntilChanged(),
  skip(1),
  withLatestFrom(defer(() => progress$)),
  filter(([, progress]) => isUnderWay(progress)),
  map((): Command => 'start'),
);
const commands$ = merge(
  commandsOf(element('run', HTMLButtonElement), element('stop', HTMLButtonElement)),
  moves$,
);

// What happens then, in whichever thread.
const events$ = session(commands$, settings$, rate$, runInPlace).pipe(share());
const progress$: Observable<Progress> = events$.pipe(
  scan(advance, idle),
  startWith(idle),
  shareReplay({ bufferSize: 1, refCount: true }),
);
const curve$ = events$.pipe(scan(extend, emptyCurve()));

// What is seen of it.
const chart = chartIn(element('panels', HTMLElement), emptyCurve());
const memory = memoryReadout();
themeOf(theme).subscribe((name) => {
  applyTheme(name, theme);
  chart.restyle();
});
void document.fonts.ready.then(chart.restyle);
rate$.subscribe(showRate);
events$.pipe(filter(({ kind }) => kind === 'loading')).subscribe(memory.markStart);
combineLatest([progress$, timer(0, 250)]).subscribe(([progress]) => memory.show(progress));
curve$.pipe(auditTime(200)).subscribe(chart.draw);
progress$.pipe(auditTime(0, animationFrameScheduler)).subscribe((progress) => {
  showTransport(progress);
  showMetrics(progress);
  showNotices(element('notices', HTMLElement), noticesOf(progress, canUseWebGL));
});

// The page itself: its frames are measured while something moves.
gaps$.subscribe(frameStrip(element('strip', HTMLCanvasElement)));
gaps$.pipe(sampleTime(250)).subscribe((gaps) => {
  setText('frames-per-second', formatWhole(framesPerSecond(gaps)));
  setText('longest-gap', `${formatWhole(longestGap(gaps))} ms`);
});
scrollOf(wall, byItself).subscribe((position) => (wall.scrollTop = position));
from(loadTestDigits())
  // Without digits the wall stays empty; a run says what is missing, and what to do about it.
  .pipe(catchError(() => EMPTY))
  .subscribe((digits) => drawSheet(element('sheet', HTMLCanvasElement), digits));
