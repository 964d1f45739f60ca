import { fromEvent, map, shareReplay, startWith, type Observable } from 'rxjs';
import { element } from '../page/page-element';
import type { SceneName } from './scenes';

/** The settings of the page. */
export interface Settings {
  readonly scene: SceneName;
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
  const chosen = (name: string): string =>
    form.querySelector<HTMLInputElement>(`input[name='${name}']:checked`)?.value ?? '';
  return fromEvent(form, 'input').pipe(
    startWith(undefined),
    map(() => ({
      scene: chosen('scene') as SceneName,
      filter: chosen('filter'),
      threshold: slider('threshold'),
      work: slider('work'),
    })),
    shareReplay(1),
  );
}

/** Shows the values of the sliders beside them, and of the settings those that matter now. */
export function showSettings({ scene, filter, threshold, work }: Settings): void {
  for (const [id, text] of [
    ['threshold', threshold.toFixed(2)],
    ['work', `${work} ms`],
  ] as const) {
    const slider = element(id, HTMLInputElement);
    slider.style.setProperty('--share', String(slider.valueAsNumber / Number(slider.max)));
    slider.setAttribute('aria-valuetext', text);
    element(`${id}-value`, HTMLOutputElement).value = text;
  }
  document.body.dataset.scene = scene;
  element('threshold-field', HTMLElement).hidden = filter !== 'threshold';
}
