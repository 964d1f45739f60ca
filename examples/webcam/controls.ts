import { distinctUntilChanged, fromEvent, map, shareReplay, startWith, type Observable } from 'rxjs';
import { element } from '../page/page-element';

/** What the reader has set. */
export interface Settings {
  /** The name of a filter. */
  readonly filter: string;
  /** From 0 to 1. */
  readonly threshold: number;
  /** What is added to the work on each frame, in milliseconds. */
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

/** Says beside the sliders what they stand for. */
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

/** Whether the camera is wanted: what the button says is what a click of it does. */
export function wantedOf(button: HTMLButtonElement): Observable<boolean> {
  return fromEvent(button, 'click').pipe(
    map(() => button.value === 'start'),
    startWith(false),
    distinctUntilChanged((before, now) => before === now && !now),
  );
}
