import { fromEvent, map, shareReplay, startWith, type Observable } from 'rxjs';
import { element } from '../../page/page-element';

/** What is fixed when a run starts. */
export interface Settings {
  readonly backend: string;
  /** Examples a step. */
  readonly batchSize: number;
  /** How many times the 60,000 digits are seen. */
  readonly epochs: number;
}

/** The settings that the form shows, now and whenever the reader changes one. */
export function settingsOf(form: HTMLFormElement): Observable<Settings> {
  const chosen = (name: string): string =>
    form.querySelector<HTMLInputElement>(`input[name='${name}']:checked`)?.value ?? '';
  return fromEvent(form, 'change').pipe(
    startWith(undefined),
    map(() => ({
      backend: chosen('backend'),
      batchSize: Number(chosen('batchSize')),
      epochs: Number(chosen('epochs')),
    })),
    shareReplay(1),
  );
}

/** Puts the settings into the listing of the page. */
export function showSettings({ batchSize, epochs }: Settings): void {
  element('listed-batch', HTMLElement).textContent = String(batchSize);
  element('listed-epochs', HTMLElement).textContent = String(epochs);
}
