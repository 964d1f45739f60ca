import { fromEvent, map, merge, type Observable } from 'rxjs';
import { formatPercent, formatWhole } from '../page/numbers';

/** What the classes are called before the reader says it. */
const NAMES = ['Nothing', 'Gesture one', 'Gesture two'];

/** The classes on the page: a name, a button that shows examples, and how sure the head is. */
export interface Classes {
  /** The numbers of the classes whose buttons are pressed. */
  readonly presses$: Observable<number>;
  readonly names: () => readonly string[];
  readonly rename: (names: readonly string[]) => void;
  /** Whether examples can be shown. */
  readonly enable: (isEnabled: boolean) => void;
  readonly showCount: (label: number, count: number, isOver: boolean) => void;
  readonly showProbabilities: (probabilities: ArrayLike<number>) => void;
  /** As before a run. */
  readonly clear: () => void;
}

export function classesIn(list: HTMLOListElement): Classes {
  const cards = NAMES.map((name, label) => {
    const item = document.createElement('li');
    item.className = 'card';
    const field = document.createElement('input');
    field.value = name;
    field.setAttribute('aria-label', `Name of class ${label + 1}`);
    const button = document.createElement('button');
    button.type = 'button';
    button.id = `show-${label}`;
    const share = document.createElement('span');
    share.className = 'share';
    const count = document.createElement('small');
    count.id = `count-${label}`;
    item.append(field, share, button, count);
    return { item, field, button, share, count, total: 0 };
  });
  list.replaceChildren(...cards.map(({ item }) => item));
  const clear = (): void => {
    for (const card of cards) {
      card.total = 0;
      card.count.textContent = 'no examples yet';
      card.button.textContent = 'Show it';
      card.item.className = 'card';
      card.item.style.setProperty('--share', '0');
      card.share.textContent = '';
    }
  };
  clear();
  return {
    presses$: merge(...cards.map(({ button }, label) => fromEvent(button, 'click').pipe(map(() => label)))),
    names: () => cards.map(({ field }) => field.value),
    rename: (names) => {
      cards.forEach(({ field }, label) => (field.value = names[label] ?? field.value));
    },
    enable: (isEnabled) => {
      for (const { button } of cards) button.disabled = !isEnabled;
    },
    showCount: (label, count, isOver) => {
      const card = cards[label]!;
      if (isOver) card.total += count;
      card.count.textContent = `${formatWhole(isOver ? card.total : card.total + count)} examples`;
      card.button.textContent = isOver ? 'Show it again' : 'Watching…';
    },
    showProbabilities: (probabilities) => {
      const all = Array.from(probabilities);
      const best = Math.max(...all);
      cards.forEach(({ item, share }, label) => {
        item.style.setProperty('--share', all[label]!.toFixed(3));
        item.classList.toggle('best', all[label] === best);
        share.textContent = formatPercent(all[label]!).replace(/\.\d/, '');
      });
    },
    clear,
  };
}
