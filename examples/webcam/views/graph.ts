/** A line of the newest numbers, from 0 to 1, in an SVG of 300 × 100. */
export interface Graph {
  readonly add: (value: number) => void;
  readonly clear: () => void;
}

/** How many numbers are shown. */
const LENGTH = 150;

/** @param scale multiplies the numbers, so that small ones are seen */
export function graphIn(line: SVGPolylineElement, scale = 1): Graph {
  let values: number[] = [];
  const draw = (): void => {
    const step = 300 / (LENGTH - 1);
    const first = LENGTH - values.length;
    const points = values.map((value, i) => {
      const height = 98 - 96 * Math.min(value * scale, 1);
      return `${((first + i) * step).toFixed(1)},${height.toFixed(1)}`;
    });
    line.setAttribute('points', points.join(' '));
  };
  return {
    add: (value) => {
      values = [...values.slice(1 - LENGTH), value];
      draw();
    },
    clear: () => {
      values = [];
      draw();
    },
  };
}
