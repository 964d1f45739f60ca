import { filter, fromEvent, map, merge, shareReplay, startWith, type Observable } from 'rxjs';
import { element } from '../page-element';
import type { PictureSource } from '.';

/**
 * The source of pictures that the part `source.html` shows, now and whenever the reader chooses. A press of *File* opens the browser's dialog, and counts when a file
 * was chosen.
 */
export function pictureSourceOf(): Observable<PictureSource> {
  const chooser = element('source-file', HTMLInputElement);
  const choice = element('source-choice', HTMLElement);
  const fileButton = choice.querySelector<HTMLInputElement>("input[value='file']");
  // Also when it is chosen already: the reader may want another file.
  if (fileButton) fromEvent(fileButton, 'click').subscribe(() => chooser.click());
  const changed$ = merge(
    fromEvent(choice, 'change').pipe(filter(({ target }) => target !== fileButton && target !== chooser)),
    fromEvent(chooser, 'change'),
  );
  return changed$.pipe(
    startWith(undefined),
    map(() => {
      const kind = choice.querySelector<HTMLInputElement>("input[name='source']:checked")?.value;
      return { kind: kind as PictureSource['kind'], file: chooser.files?.[0] ?? null };
    }),
    shareReplay(1),
  );
}

/** Says below the choice where its pictures come from. */
export function showPictureSource({ kind, file }: PictureSource): void {
  for (const line of document.querySelectorAll<HTMLElement>('[data-source]'))
    line.hidden = line.dataset.source !== kind;
  element('source-file-name', HTMLElement).textContent = file?.name ?? 'a film or a picture of yours';
}

/** Chooses the clip, as a press of the reader would. */
export function takeClip(): void {
  const clip = element('source-choice', HTMLElement).querySelector<HTMLInputElement>("input[value='clip']");
  if (!clip) return;
  clip.checked = true;
  clip.dispatchEvent(new Event('change', { bubbles: true }));
}
