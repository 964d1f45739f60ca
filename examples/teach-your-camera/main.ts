import {
  combineLatest,
  defer,
  delay,
  filter,
  fromEvent,
  map,
  merge,
  of,
  shareReplay,
  startWith,
  Subject,
  timer,
} from 'rxjs';
import { memory } from 'rxtensor';
import { backendSwitch } from '../page/backend-switch';
import { showMemory } from '../page/memory-view';
import { formatLoss } from '../page/numbers';
import { element, setText } from '../page/page-element';
import {
  isWithoutCamera,
  pictureSourceOf,
  session,
  showNoticesOf,
  showPictureSource,
  showState,
  takeClip,
  wantedOf,
  type PictureEvent,
  type SessionEvent,
} from '../page/pictures';
import { applyTheme, themeOf } from '../page/theme';
import { graphIn } from '../webcam/views/graph';
import { classesIn } from './classes-view';
import { namesIn } from './head';
import { downloadHead, importedHeads } from './head-files';
import { teaching, type TeachingEvent } from './teaching';

const theme = element('theme', HTMLButtonElement);
const canvas = element('screen', HTMLCanvasElement);
backendSwitch(element('settings', HTMLFormElement));
const before = memory();
const classes = classesIn(element('classes', HTMLOListElement));
const exportButton = element('export', HTMLButtonElement);

// What the reader does …
const source$ = pictureSourceOf();
const wanted$ = wantedOf(element('run', HTMLButtonElement));
const imports$ = new Subject<Uint8Array>();

/** What was learned last, or imported: it outlives the run, and the next one begins with it. */
let kept: Uint8Array | null = null;
const keep = (file: Uint8Array): void => {
  kept = file;
  exportButton.disabled = false;
};

// … what happens then …
const events$ = session(wanted$, source$, (source) =>
  teaching(canvas, source, {
    presses$: classes.presses$,
    imports$: merge(
      defer(() => (kept ? of(kept) : of())),
      imports$,
    ),
    names: classes.names,
  }),
).pipe(shareReplay({ bufferSize: 1, refCount: true }));

// … and what is seen of it.
const loss = graphIn(element('loss-line', SVGPolylineElement), 0.85);
const isWithout$ = events$.pipe(
  map((event) => isOfPictures(event) && isWithoutCamera(event)),
  filter((isWithout) => isWithout),
);

/** Examples and lessons come while pictures are seen. */
function isOfPictures(event: TeachingEvent | SessionEvent): event is PictureEvent & typeof event {
  return !['shown', 'learned', 'saved'].includes(event.kind);
}

themeOf(theme).subscribe((name) => applyTheme(name, theme));
source$.subscribe(showPictureSource);
importedHeads().subscribe((file) => {
  try {
    const names = namesIn(file);
    keep(file);
    imports$.next(file);
    if (names) classes.rename(names);
    setText('file-words', 'It is in use.');
  } catch (error) {
    setText('file-words', error instanceof Error ? error.message : String(error));
  }
});
fromEvent(exportButton, 'click').subscribe(() => {
  if (kept) downloadHead(kept);
});
combineLatest([events$.pipe(map(({ kind }) => kind)), timer(0, 250)]).subscribe(([kind]) =>
  showMemory(kind === 'stopped' || kind === 'failed', before),
);
isWithout$.pipe(delay(0)).subscribe(takeClip);
combineLatest([events$.pipe(filter(isOfPictures)), source$, isWithout$.pipe(startWith(false))]).subscribe(
  ([event, { kind }, isWithout]) => showNoticesOf(event, isWithout && kind === 'clip'),
);
events$.pipe(filter(isOfPictures)).subscribe((event) => {
  showState(event);
  classes.enable(event.kind === 'seen');
});
events$.subscribe((event) => {
  switch (event.kind) {
    case 'opening':
      classes.clear();
      loss.clear();
      break;
    case 'seen':
      // A head that was taught nothing has no opinion.
      if (kept) classes.showProbabilities(event.probabilities);
      break;
    case 'shown':
      classes.showCount(event.label, event.count, event.isOver);
      break;
    case 'learned':
      loss.add(event.loss);
      setText('loss', formatLoss(event.loss));
      setText('lesson', 'It learns from all that it was shown.');
      break;
    case 'saved':
      keep(event.file);
      setText('lesson', 'It has learned. Show more, and it learns again.');
      break;
    default:
  }
});
