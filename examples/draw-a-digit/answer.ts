import { element, setText } from '../page/page-element';
import { formatPercent, none } from '../page/numbers';
import { digitDrawing } from '../mnist/views/digit-drawing';

/** How sure the network is of each digit: ten bars, and the digit in large. */
export interface Answer {
  readonly show: (probabilities: ArrayLike<number>) => void;
  readonly clear: () => void;
}

export function answerIn(list: HTMLOListElement): Answer {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const item = document.createElement('li');
    const [name, bar, share] = [0, 1, 2].map(() => document.createElement('span'));
    name!.textContent = String(digit);
    item.append(name!, bar!, share!);
    return { item, share: share! };
  });
  list.replaceChildren(...bars.map(({ item }) => item));
  const set = (digit: number, probability: number, isBest: boolean): void => {
    const { item, share } = bars[digit]!;
    item.style.setProperty('--share', probability.toFixed(3));
    item.classList.toggle('best', isBest);
    share.textContent = probability < 0.005 ? '' : formatPercent(probability).replace(/\.\d/, '');
  };
  return {
    show: (probabilities) => {
      const all = Array.from(probabilities);
      const best = all.indexOf(Math.max(...all));
      all.forEach((probability, digit) => set(digit, probability, digit === best));
      setText('read', String(best));
    },
    clear: () => {
      bars.forEach((_, digit) => set(digit, 0, false));
      setText('read', none);
    },
  };
}

/** Shows the ink as the network gets it. */
export function showInk(ink: Float32Array | null): void {
  const pen = element('seen', HTMLCanvasElement).getContext('2d');
  pen?.clearRect(0, 0, 28, 28);
  if (ink) pen?.drawImage(digitDrawing(ink), 0, 0);
  element('drawing-hint', HTMLElement).hidden = ink !== null;
}
