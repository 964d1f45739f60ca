import { Component, computed, input } from '@angular/core';
import { points } from './points';

const WIDTH = 320;
const HEIGHT = 180;

/** Places of the picture: x from −1 to 1 goes from left to right, y from −1.2 to 1.2 upwards. */
const across = (x: number): number => ((x + 1) / 2) * WIDTH;
const down = (y: number): number => (0.5 - y / 2.4) * HEIGHT;

/** The points, and the curve as it has been learnt. */
@Component({
  selector: 'app-curve-plot',
  template: `
    <svg [attr.viewBox]="viewBox" role="img" aria-label="Measured points, and the curve that was learnt">
      @for (dot of dots; track dot.x) {
        <circle [attr.cx]="dot.x" [attr.cy]="dot.y" r="2.5" />
      }
      @if (path(); as path) {
        <path [attr.d]="path" />
      }
    </svg>
  `,
  styleUrl: './curve-plot.css',
})
export class CurvePlot {
  readonly curve = input<ArrayLike<number>>([]);

  protected readonly viewBox = `0 0 ${WIDTH} ${HEIGHT}`;
  protected readonly dots = points.x.map((x, i) => ({ x: across(x), y: down(points.y[i] ?? 0) }));
  protected readonly path = computed(() => {
    const heights = Array.from(this.curve());
    const steps = heights.map((y, i) => {
      const x = -1 + (2 * i) / (heights.length - 1);
      return `${across(x).toFixed(1)},${down(y).toFixed(1)}`;
    });
    return steps.length === 0 ? '' : `M${steps.join('L')}`;
  });
}
