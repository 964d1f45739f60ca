import { fromEvent, map, type Observable } from 'rxjs';
import { inspectorOverlay, type PipelineFrame } from 'rxtensor/inspector';
import uPlot from 'uplot';
import type { Point } from '../service';

const events = new EventSource('./events');
const told = <T>(name: string): Observable<T> =>
  fromEvent<MessageEvent<string>>(events, name).pipe(map(({ data }) => JSON.parse(data) as T));
const show = (id: string, text: string): void => {
  document.getElementById(id)!.textContent = text;
};
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name);

inspectorOverlay(told<PipelineFrame>('frame'), { parent: document.getElementById('inspector')! });

/** The points that the chart shows. */
const SHOWN = 600;
const points: Point[] = [];
const HEIGHT = 260;
const axis = {
  stroke: () => colour('--faint'),
  grid: { stroke: () => colour('--line'), width: 1 },
  ticks: { show: false },
};

/** A mark at each drift. */
function drawDrifts(drawn: uPlot): void {
  const { ctx, bbox } = drawn;
  ctx.save();
  ctx.strokeStyle = colour('--drift');
  ctx.lineWidth = devicePixelRatio;
  for (const { step } of points.filter(({ isDrift }) => isDrift)) {
    const x = drawn.valToPos(step, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** A chart over the steps. `show` draws the points. */
function chartIn(
  id: string,
  y: uPlot.Scale,
  lines: readonly (uPlot.Series & { readonly of: (point: Point) => number })[],
): { show: () => void } {
  const place = document.getElementById(id)!;
  const size = (): { width: number; height: number } => ({ width: place.clientWidth, height: HEIGHT });
  const plot = new uPlot(
    {
      ...size(),
      scales: { x: { time: false }, y },
      axes: [{ ...axis, size: 32 }, axis],
      legend: { live: false },
      series: [{ label: 'step' }, ...lines],
      hooks: { draw: [drawDrifts] },
    },
    [[], ...lines.map(() => [])],
    place,
  );
  addEventListener('resize', () => plot.setSize(size()));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw());
  return {
    show: () => plot.setData([points.map(({ step }) => step), ...lines.map(({ of }) => points.map(of))]),
  };
}

const charts = [
  chartIn('errors', {}, [
    { label: 'error of a batch', stroke: () => colour('--error'), of: ({ error }) => error },
    { label: 'mean over time', stroke: () => colour('--mean'), width: 2, of: ({ mean }) => mean },
  ]),
  chartIn('losses', { distr: 3 }, [
    { label: 'loss, on a logarithmic scale', stroke: () => colour('--loss'), of: ({ loss }) => loss },
  ]),
];
told<Point>('point').subscribe((point) => {
  // After the service has been started anew, steps that were not saved come again; after a lost connection, those that it remembers.
  const seen = points.findIndex(({ step }) => step >= point.step);
  if (seen >= 0) points.splice(seen);
  points.push(point);
  if (points.length > SHOWN) points.shift();
  show('step', point.step.toLocaleString('en'));
  show('error', point.mean.toFixed(3));
  show('drifts', String(point.drifts));
});
setInterval(() => {
  for (const { show: showPoints } of charts) showPoints();
}, 250);
fromEvent(events, 'open').subscribe(() => show('connection', 'live'));
fromEvent(events, 'error').subscribe(() => show('connection', 'waiting'));
