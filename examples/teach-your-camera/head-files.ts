import { filter, from, fromEvent, map, switchMap, tap, type Observable } from 'rxjs';
import { element } from '../page/page-element';

/** Gives the file to the reader to keep. */
export function downloadHead(file: Uint8Array): void {
  const address = URL.createObjectURL(new Blob([file as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'gestures.safetensors';
  link.click();
  // The browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** The files that the reader chooses to import. */
export function importedHeads(): Observable<Uint8Array> {
  const chooser = element('import-file', HTMLInputElement);
  fromEvent(element('import', HTMLButtonElement), 'click').subscribe(() => chooser.click());
  return fromEvent(chooser, 'change').pipe(
    map(() => chooser.files?.[0]),
    filter((file) => file !== undefined),
    // The same file may be chosen again.
    switchMap((file) => from(file.arrayBuffer()).pipe(tap(() => (chooser.value = '')))),
    map((bytes) => new Uint8Array(bytes)),
  );
}
