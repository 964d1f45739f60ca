import { distinctUntilChanged, fromEvent, map, shareReplay, startWith, type Observable } from 'rxjs';
import { element } from '../page/page-element';

/** The settings of the page. */
export interface Settings {
  /** The name of a filter. */
  readonly filter: string;
  /** From 0 to 1. */
  readonly threshold: number;
  /** The milliseconds of extra work for each frame. */
  readonly work: number;
}

/** The settings that the form shows, now and whenever the reader changes one. */
export function settingsOf(form: HTMLFormElement): Observable<Settings> {
  const slider = (id: string): number => element(id, HTMLInputElement).valueAsNumber;
  return fromEvent(form, 'input').pipe(
    startWith(undefined),
    map(() => ({
      filter: form.querySelector<HTMLInputElement>("input[name='filter']:checked")?.value ?? '',
      threshold: slider('threshold'),
      work: slider('work'),
    })),
    shareReplay(1),
  );
}

/** Shows the values of the sliders beside them. */
export function showSettings({ filter, threshold, work }: Settings): void {
  for (const [id, text] of [
    ['threshold', threshold.toFixed(2)],
    ['work', `${work} ms`],
  ] as const) {
    const slider = element(id, HTMLInputElement);
    slider.style.setProperty('--share', String(slider.valueAsNumber / Number(slider.max)));
    slider.setAttribute('aria-valuetext', text);
    element(`${id}-value`, HTMLOutputElement).value = text;
  }
  element('threshold-field', HTMLElement).hidden = filter !== 'threshold';
  element('listed-filter', HTMLElement).textContent = filter;
  element('listed-work', HTMLElement).textContent = String(work);
}

/** Whether the camera should run. A click does what the button says. */
export function wantedOf(button: HTMLButtonElement): Observable<boolean> {
  return fromEvent(button, 'click').pipe(
    map(() => button.value === 'start'),
    startWith(false),
    distinctUntilChanged((before, now) => before === now && !now),
  );
}
