import uPlot from 'uplot';
import type { Curve } from '../training/curve';
import { formatWhole, none } from '../../page/numbers';
import { panels, type Panel } from './panels';

export interface Chart {
  readonly draw: (curve: Curve) => void;
  /** Draws again with the colours that the style sheets give now. */
  readonly restyle: () => void;
}

/** Ends of the axis of steps: it grows by leaps, since one that creeps along cannot be read. */
const extents = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
const AXIS_WIDTH = 48;
const AXIS_HEIGHT = 24;
const TICK_HEIGHT = 13;

/** Builds the panels into their container; they follow its size. */
export function chartIn(container: HTMLElement, first: Curve): Chart {
  let curve = first;
  const plots = panels.map((panel, index) => {
    const isLast = index === panels.length - 1;
    return panelPlot(container, panel, isLast, () => curve);
  });
  return {
    draw: (next) => {
      curve = next;
      for (const plot of plots) plot.update();
    },
    restyle: () => {
      for (const plot of plots) plot.redraw();
    },
  };
}

interface PanelPlot {
  readonly update: () => void;
  readonly redraw: () => void;
}

function panelPlot(container: HTMLElement, panel: Panel, isLast: boolean, curve: () => Curve): PanelPlot {
  const { root, value, body } = panelElements(container, panel);
  const data = (): uPlot.AlignedData => [curve().step, ...panel.columns.map((column) => curve()[column])];
  const plot = new uPlot(options(panel, isLast, root, curve), data(), body);
  plot.hooks.setCursor = [() => (value.textContent = valueAt(panel, curve(), plot.cursor.idx ?? null))];
  new ResizeObserver(() => {
    plot.setSize({ width: body.clientWidth, height: body.clientHeight });
  }).observe(body);
  return {
    update: () => {
      plot.setData(data());
      value.textContent = valueAt(panel, curve(), plot.cursor.idx ?? null);
    },
    redraw: () => {
      plot.redraw();
    },
  };
}

function panelElements(
  container: HTMLElement,
  { name, title, columns }: Panel,
): { root: HTMLElement; value: HTMLElement; body: HTMLElement } {
  const root = document.createElement('figure');
  root.className = `panel ${name}`;
  const head = document.createElement('figcaption');
  const key = document.createElement('i');
  const label = document.createElement('span');
  label.textContent = title;
  head.append(key, label);
  if (columns.length > 1) {
    const faint = document.createElement('small');
    faint.textContent = 'each step, and its running mean';
    head.append(faint);
  }
  const value = document.createElement('output');
  value.textContent = none;
  head.append(value);
  const body = document.createElement('div');
  body.className = 'plot';
  root.append(head, body);
  container.append(root);
  return { root, value, body };
}

/** The value where the pointer is, or the last one. */
function valueAt({ columns, format }: Panel, curve: Curve, index: number | null): string {
  const column = curve[columns.at(-1) ?? 'loss'];
  const upTo = index ?? column.length - 1;
  const at = column.findLastIndex((value, i) => i <= upTo && value !== null);
  const value = column[at];
  if (value === null || value === undefined) return none;
  return index === null ? format(value) : `step ${formatWhole(curve.step[at] ?? 0)}: ${format(value)}`;
}

function options(
  panel: Panel,
  isLast: boolean,
  panelElement: HTMLElement,
  curve: () => Curve,
): uPlot.Options {
  // Live, and registered as colours in the style sheets: each drawing gets what they are in the theme of the moment.
  const style = getComputedStyle(panelElement);
  const line = (): string => style.getPropertyValue('--series');
  const text = (): string => style.getPropertyValue('--tick');
  const grid: uPlot.Axis.Grid = { stroke: () => style.getPropertyValue('--grid'), width: 1 };
  const font = `11px ${style.fontFamily}`;
  return {
    width: 320,
    height: 120,
    padding: [6, 18, isLast ? 0 : 6, 0],
    legend: { show: false },
    cursor: { sync: { key: 'steps' }, y: false, drag: { setScale: false, x: false }, points: { size: 7 } },
    scales: {
      x: { time: false, range: () => [0, extentOf(curve())] },
      y: {
        distr: 100,
        fwd: panel.spread,
        bwd: panel.unspread,
        range: () => {
          const [low, high] = panel.range(curve());
          return [low, high];
        },
      },
    },
    axes: [
      {
        show: isLast,
        size: AXIS_HEIGHT,
        gap: 4,
        font,
        stroke: text,
        grid: { show: false },
        ticks: { show: false },
        values: (_, splits) => splits.map((step) => (step === 0 ? 'step 0' : formatWhole(step))),
      },
      {
        size: AXIS_WIDTH,
        gap: 8,
        font,
        stroke: text,
        grid,
        ticks: { show: false },
        filter: legible,
        splits: (_, __, low, high) => panel.ticks.filter((tick) => tick >= low && tick <= high),
        values: (_, splits) =>
          splits.map((tick: number | null) => (tick === null ? null : panel.formatTick(tick))),
      },
    ],
    series: [
      {},
      ...panel.columns.map((_, index): uPlot.Series => {
        const isFaint = index < panel.columns.length - 1;
        return {
          stroke: line,
          alpha: isFaint ? 0.28 : 1,
          width: isFaint ? 1 : 1.75,
          spanGaps: true,
          points: { show: false },
          ...(panel.holds ? { paths: uPlot.paths.stepped?.({ align: 1 }) } : {}),
        };
      }),
    ],
  };
}

/** The ticks that have room for their text, from the top down; the others keep their line. */
function legible(plot: uPlot, splits: number[]): (number | null)[] {
  let above = -TICK_HEIGHT;
  const kept = new Set<number>();
  for (const tick of [...splits].reverse()) {
    const at = plot.valToPos(tick, 'y');
    if (at - above < TICK_HEIGHT) continue;
    above = at;
    kept.add(tick);
  }
  return splits.map((tick) => (kept.has(tick) ? tick : null));
}

function extentOf({ step }: Curve): number {
  const last = step.at(-1) ?? 0;
  return extents.find((extent) => extent >= last) ?? last;
}
