import { memory } from 'rxtensor';
import { interval } from 'rxjs';

/** Puts a component into a place of the page, and returns what takes it away. */
export type Mount = (place: HTMLElement) => () => void;

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element '${id}'`);
  return found;
};

/** What the pages share: a button that mounts and unmounts, and the number of tensors, which is 0 again after it. */
export function stage(mount: Mount): void {
  const button = element('switch');
  let unmount: (() => void) | null = null;
  const turn = (): void => {
    if (unmount) {
      unmount();
      unmount = null;
    } else {
      const place = element('place').appendChild(document.createElement('div'));
      const leave = mount(place);
      unmount = () => {
        leave();
        place.remove();
      };
    }
    button.textContent = unmount ? 'Unmount' : 'Mount';
  };
  button.addEventListener('click', turn);
  turn();
  interval(100).subscribe(() => (element('tensors').textContent = String(memory().numTensors)));
}
