import { filter, fromEvent, map, merge, shareReplay, startWith, type Observable } from 'rxjs';
import { element } from '../page/page-element';
import type { SoundSource } from './sources';

const choice = (): HTMLElement => element('source-choice', HTMLElement);

/** The source of sound, now and whenever the reader chooses. A press of *File* opens the browser's dialog, and counts when a file was chosen. */
export function soundSourceOf(): Observable<SoundSource> {
  const chooser = element('source-file', HTMLInputElement);
  const fileButton = choice().querySelector<HTMLInputElement>("input[value='file']");
  // Also when it is chosen already: the reader may want another file.
  if (fileButton) fromEvent(fileButton, 'click').subscribe(() => chooser.click());
  const changed$ = merge(
    fromEvent(choice(), 'change').pipe(filter(({ target }) => target !== fileButton && target !== chooser)),
    fromEvent(chooser, 'change'),
  );
  return changed$.pipe(
    startWith(undefined),
    map(() => {
      const kind = choice().querySelector<HTMLInputElement>("input[name='source']:checked")?.value;
      return { kind: kind as SoundSource['kind'], file: chooser.files?.[0] ?? null };
    }),
    shareReplay(1),
  );
}

/** Says below the choice where its sound comes from. */
export function showSoundSource({ kind, file }: SoundSource): void {
  for (const line of document.querySelectorAll<HTMLElement>('[data-source]'))
    line.hidden = line.dataset.source !== kind;
  element('source-file-name', HTMLElement).textContent = file?.name ?? 'a file of yours';
}

/** Chooses the recording, as a press of the reader would. */
export function takeRecording(): void {
  const recording = choice().querySelector<HTMLInputElement>("input[value='recording']");
  if (!recording) return;
  recording.checked = true;
  recording.dispatchEvent(new Event('change', { bubbles: true }));
}
