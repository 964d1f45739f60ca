import { type Observable } from 'rxjs';
import { webcam, type FramesOptions, type Tensor3D } from 'rxtensor';
import { clipFrames } from './clip';
import { fileFrames, screenFrames } from './video';

export { session, type BeginningEvent, type SessionEvent } from './session';
export { isWithoutCamera, showNoticesOf, showState, type PictureEvent } from './state-view';
export { wantedOf } from './wanted';
export { pictureSourceOf, showPictureSource, takeClip } from './source-choice';

/** Where pictures come from. */
export interface PictureSource {
  readonly kind: 'camera' | 'clip' | 'file' | 'screen';
  /** The file that was chosen, for that kind. */
  readonly file: File | null;
}

/** The pictures of a source, as a mirror shows those of a camera. Unsubscribing gives the device back. */
export function picturesOf({ kind, file }: PictureSource, options: FramesOptions): Observable<Tensor3D> {
  switch (kind) {
    case 'camera':
      return webcam({ width: 640, height: 480, facingMode: 'user' }, { ...options, mirror: true });
    case 'clip':
      return clipFrames(options);
    case 'file':
      return fileFrames(file, options);
    case 'screen':
      return screenFrames(options);
  }
}

/** How a program would write that source. */
export const sourceCode: Readonly<Record<PictureSource['kind'], string>> = {
  camera: "webcam(\n  { width: 640, height: 480 },\n  { mirror: true, normalize: '0..1' },\n)",
  clip: "canvasFrames(clip, { normalize: '0..1' })",
  file: "videoFrames(film, { size, normalize: '0..1' })",
  screen: "videoFrames(screen, { size, normalize: '0..1' })",
};
