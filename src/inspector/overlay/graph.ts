import type { LanesOfRow } from '../lanes';
import type { Stage } from '../pipeline-frame';
import { svg } from './elements';

/** The distance of lanes, and where in a row its stage is drawn, in CSS pixels. */
const LANE = 16;
const MIDDLE = 17;

/** The width of a graph with so many lanes. */
export function graphWidth(lanes: readonly LanesOfRow[]): number {
  return LANE * (1 + Math.max(0, ...lanes.flatMap(({ lane, to, passing }) => [lane, ...to, ...passing]))) + 4;
}

const x = (lane: number): number => LANE * (lane + 0.5) + 2;

/** Draws the lanes beside a row. Lines reach to its end, however high it is. */
export function drawnLanes(
  { lane, from, to, passing }: LanesOfRow,
  { kind }: Stage,
  width: number,
): SVGSVGElement {
  const line = (at: number, y1: string, y2: string): SVGElement =>
    svg('line', { x1: String(at), x2: String(at), y1, y2 });
  const curve = (x1: number, y1: number, x2: number, y2: number): SVGElement => {
    const middle = (y1 + y2) / 2;
    return svg('path', { d: `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}` });
  };
  const lines = [
    ...passing.map((each) => line(x(each), '0', '100%')),
    ...from.map((each) =>
      each === lane ? line(x(lane), '0', String(MIDDLE)) : curve(x(each), 0, x(lane), MIDDLE),
    ),
    ...to.flatMap((each) =>
      each === lane
        ? [line(x(each), String(MIDDLE), '100%')]
        : [curve(x(lane), MIDDLE, x(each), 2 * MIDDLE), line(x(each), String(2 * MIDDLE), '100%')],
    ),
  ];
  return svg(
    'svg',
    { class: 'lanes', width: String(width), height: '100%', 'aria-hidden': 'true' },
    svg('g', { class: 'lines' }, ...lines),
    mark(kind, x(lane)),
  );
}

/** The mark of a stage: of sources a diamond, of operators a dot, of those of RxJS a small ring, of the subscriber a square. */
function mark(kind: Stage['kind'], at: number): SVGElement {
  const place = { class: 'mark' };
  const square = { x: String(at - 4.5), y: String(MIDDLE - 4.5), width: '9', height: '9', rx: '2' };
  if (kind === 'subscriber') return svg('rect', { ...place, ...square });
  if (kind === 'source') return svg('rect', { ...place, ...square, transform: `rotate(45 ${at} ${MIDDLE})` });
  return svg('circle', { ...place, cx: String(at), cy: String(MIDDLE), r: kind === 'stock' ? '3' : '5' });
}
