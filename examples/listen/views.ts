/** What is seen of the sound: pictures of the last seconds, which move to the left. */
import { element } from '../page/page-element';
import type { Note } from 'rxtensor/sound';
import { MELS } from './listening';

/** How much time the pictures show. */
export const SECONDS = 7;
/** Decibels of the darkest and of the brightest colour. */
const QUIET = -50;
const LOUD = 30;

interface Surface {
  readonly canvas: HTMLCanvasElement;
  readonly pen: CanvasRenderingContext2D;
}

function surface(id: string): Surface {
  const canvas = element(id, HTMLCanvasElement);
  return { canvas, pen: canvas.getContext('2d')! };
}

/** What the page's colour of that name is now, as a canvas takes it: it depends on the theme. */
function colour(name: string): string {
  const probe = element('roll', HTMLCanvasElement);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/** Viridis (Smith & van der Walt 2015), at seven places. */
const VIRIDIS = [
  [68, 1, 84],
  [70, 50, 127],
  [54, 92, 141],
  [39, 127, 142],
  [31, 161, 135],
  [74, 194, 109],
  [253, 231, 37],
] as const;

function viridis(share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const first = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const mix = (c: 0 | 1 | 2): number =>
    VIRIDIS[first]![c] + (at - first) * (VIRIDIS[first + 1]![c] - VIRIDIS[first]![c]);
  return [mix(0), mix(1), mix(2)];
}

/** The pixels of a picture that a time is left of its right edge. */
const place = ({ width }: HTMLCanvasElement, seconds: number, now: number): number =>
  width - ((now - seconds) / SECONDS) * width;

/** Draws spectra as columns, each where its time is. */
export function spectrumIn(): { add(seconds: number, decibels: ArrayLike<number>): void; clear(): void } {
  const { canvas, pen } = surface('spectrum');
  let before: number | null = null;
  /** Columns that a move of whole pixels has left over. */
  let rest = 0;
  const column = new OffscreenCanvas(1, MELS);
  const columnPen = column.getContext('2d')!;
  const pixels = columnPen.createImageData(1, MELS);
  return {
    add: (seconds, decibels) => {
      const exact = rest + (before === null ? 0 : ((seconds - before) / SECONDS) * canvas.width);
      const moved = Math.max(0, Math.min(canvas.width, Math.round(exact)));
      rest = exact - moved;
      before = seconds;
      pen.drawImage(canvas, -moved, 0);
      for (let mel = 0; mel < MELS; mel++) {
        const [red, green, blue] = viridis((decibels[mel]! - QUIET) / (LOUD - QUIET));
        // The lowest is at the bottom.
        pixels.data.set([red, green, blue, 255], 4 * (MELS - 1 - mel));
      }
      columnPen.putImageData(pixels, 0, 0);
      pen.drawImage(column, canvas.width - moved, 0, moved, canvas.height);
    },
    clear: () => {
      before = null;
      rest = 0;
      pen.clearRect(0, 0, canvas.width, canvas.height);
    },
  };
}

/** From when to when somebody spoke; null while somebody speaks. */
export interface Spoken {
  readonly start: number;
  readonly end: number | null;
}

/** Draws bars where somebody spoke. */
export function showSpoken(spoken: readonly Spoken[], now: number): void {
  const { canvas, pen } = surface('voice');
  pen.fillStyle = colour('--sunken');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = colour('--right');
  for (const { start, end } of spoken) {
    const left = place(canvas, start, now);
    pen.fillRect(left, 0, place(canvas, end ?? now, now) - left, canvas.height);
  }
}

/** The notes that have a line: those of a piano's middle. */
const LOWEST = 43;
const HIGHEST = 88;
const NAMES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];

/** The name of a note, as A4. */
export const noteName = (midi: number): string => `${NAMES[midi % 12]!}${Math.floor(midi / 12) - 1}`;

/** Draws notes as bars on a piano roll. */
export function showNotes(notes: readonly Note[], now: number): void {
  const { canvas, pen } = surface('roll');
  const rows = HIGHEST - LOWEST + 1;
  const height = canvas.height / rows;
  const top = (midi: number): number => canvas.height - (midi - LOWEST + 1) * height;
  pen.fillStyle = colour('--sunken');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.font = '11px monospace';
  const [black, line, words] = [colour('--line'), colour('--line-strong'), colour('--ink-faint')];
  const all = Array.from({ length: rows }, (_, i) => LOWEST + i);
  // Black keys are darker rows, and each C has a line and its name.
  pen.fillStyle = black;
  for (const midi of all.filter((each) => [1, 3, 6, 8, 10].includes(each % 12)))
    pen.fillRect(0, top(midi), canvas.width, height);
  for (const midi of all.filter((each) => each % 12 === 0)) {
    pen.fillStyle = line;
    pen.fillRect(0, top(midi) + height, canvas.width, 1);
    pen.fillStyle = words;
    pen.fillText(noteName(midi), 4, top(midi) + height - 2);
  }
  pen.fillStyle = colour('--accent');
  for (const { midi, start, end, strength } of notes) {
    const left = place(canvas, start, now);
    const right = place(canvas, end ?? now, now);
    pen.globalAlpha = Math.min(1, 0.35 + strength);
    pen.beginPath();
    pen.roundRect(left, top(midi) - 1, Math.max(3, right - left - 1), height + 2, 2);
    pen.fill();
  }
  pen.globalAlpha = 1;
}
