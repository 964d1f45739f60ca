import type { Detection, OverlayContext } from 'rxtensor/vision';
import { cocoNames } from './coco-names';

/** One for each kind of thing in turn: the colour-blind safe palette of Okabe & Ito (2008). */
const COLOURS = ['#56B4E9', '#E69F00', '#009E73', '#F0E442', '#CC79A7', '#D55E00'];

/** Draws a box around each thing, and above it what it is and how sure the model is. */
export function drawThings(
  context: OverlayContext,
  { things }: { readonly things: readonly Detection[] },
): void {
  context.lineWidth = 3;
  context.font = '600 15px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const { box, label, score } of things) {
    const text = `${cocoNames[label] ?? `kind ${label}`} ${Math.round(100 * score)}%`;
    const colour = COLOURS[label % COLOURS.length]!;
    const width = context.measureText(text).width + 14;
    const top = Math.max(0, box.y - 24);
    const left = Math.max(0, box.x);
    context.strokeStyle = context.fillStyle = colour;
    context.strokeRect(box.x, box.y, box.width, box.height);
    context.fillRect(left - 1.5, top, width, 24);
    context.fillStyle = '#000';
    context.fillText(text, left + 6, top + 12.5);
  }
}
