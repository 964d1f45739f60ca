import { element } from '../../page/page-element';
import type { Digits } from '../training/digits';
import { digitDrawing, SIDE } from './digit-drawing';
import type { Guess } from '../training/run-event';

export interface DigitGrid {
  readonly show: (guesses: readonly Guess[]) => void;
  /** As before a run: the digits alone. */
  readonly clear: () => void;
}

/** Draws the digits into the list of the page; the guesses come and go below them. */
export function digitGrid({ xs, ys }: Digits): DigitGrid {
  const cells = Array.from(ys, (label, index) => {
    const item = document.createElement('li');
    const guess = document.createElement('span');
    item.append(digitDrawing(xs.values.subarray(index * SIDE * SIDE, (index + 1) * SIDE * SIDE)), guess);
    return { item, guess, label };
  });
  const score = element('digits-score', HTMLElement);
  const clear = (): void => {
    score.textContent = '';
    for (const { item, guess, label } of cells) {
      item.className = '';
      item.setAttribute('aria-label', `A ${label}`);
      guess.textContent = '·';
    }
  };
  const show = (guesses: readonly Guess[]): void => {
    let right = 0;
    cells.forEach(({ item, guess, label }, index) => {
      const read = guesses[index];
      if (!read) return;
      const isRight = read.digit === label;
      right += Number(isRight);
      item.className = isRight ? 'right' : 'wrong';
      item.style.setProperty('--sureness', read.sureness.toFixed(2));
      item.setAttribute('aria-label', `A ${label}, read as ${read.digit}: ${isRight ? 'right' : 'wrong'}`);
      guess.textContent = String(read.digit);
    });
    score.textContent = `${right} of ${cells.length} right`;
  };
  clear();
  element('digits', HTMLOListElement).replaceChildren(...cells.map(({ item }) => item));
  return { show, clear };
}
