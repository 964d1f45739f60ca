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
const chart = document.getElementById('chart')!;
const axis = {
  stroke: () => colour('--faint'),
  grid: { stroke: () => colour('--line') },
  ticks: { show: false },
};
const plot = new uPlot(
  {
    width: chart.clientWidth - 20,
    height: 340,
    scales: { x: { time: false } },
    axes: [axis, axis],
    series: [
      { label: 'step' },
      { label: 'error', stroke: () => colour('--error') },
      { label: 'mean', stroke: () => colour('--mean'), width: 2 },
    ],
    hooks: {
      draw: [
        (drawn) => {
          const { ctx, bbox } = drawn;
          ctx.save();
          ctx.strokeStyle = colour('--drift');
          ctx.lineWidth = 2;
          for (const { step } of points.filter(({ isDrift }) => isDrift)) {
            const x = drawn.valToPos(step, 'x', true);
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
          }
          ctx.restore();
        },
      ],
    },
  },
  [[], [], []],
  chart,
);
let drifts = 0;
told<Point>('point').subscribe((point) => {
  // After the service has been started anew, steps that were not saved come again.
  const seen = points.findIndex(({ step }) => step >= point.step);
  if (seen >= 0) points.splice(seen);
  points.push(point);
  if (points.length > SHOWN) points.shift();
  if (point.isDrift) drifts++;
  show('step', point.step.toLocaleString('en'));
  show('error', point.mean.toFixed(3));
  show('drifts', String(drifts));
});
setInterval(() => {
  plot.setData([
    points.map(({ step }) => step),
    points.map(({ error }) => error),
    points.map(({ mean }) => mean),
  ]);
}, 250);
addEventListener('resize', () => plot.setSize({ width: chart.clientWidth - 20, height: 340 }));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw());
fromEvent(events, 'open').subscribe(() => show('connection', 'live'));
fromEvent(events, 'error').subscribe(() => show('connection', 'waiting'));
