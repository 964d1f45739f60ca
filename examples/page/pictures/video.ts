import { defer, finalize, from, switchMap, throwError, type Observable } from 'rxjs';
import { canvasFrames, videoFrames, type FramesOptions, type Tensor3D } from 'rxtensor';

/** The longer side of what the models see: larger pictures tell them no more. */
const LONGER_SIDE = 640;

/** The pictures of a film or the picture in a file of the reader's. Films begin anew at their end. */
export function fileFrames(file: File | null, options: FramesOptions): Observable<Tensor3D> {
  if (!file) return throwError(() => new Error('no file was chosen'));
  return defer(() => {
    const address = URL.createObjectURL(file);
    const frames$ = file.type.startsWith('image/')
      ? stillFrames(address, options)
      : filmFrames(address, options);
    return frames$.pipe(finalize(() => URL.revokeObjectURL(address)));
  });
}

/** The pictures of a screen or a window, for which the browser asks. It completes when the reader ends the sharing. */
export function screenFrames(options: FramesOptions): Observable<Tensor3D> {
  return defer(() => {
    const devices = (navigator as Partial<Navigator>).mediaDevices;
    if (!devices || !('getDisplayMedia' in devices))
      return throwError(() => new Error('this browser does not share screens'));
    return from(devices.getDisplayMedia({ video: true, audio: false })).pipe(
      switchMap((stream) => {
        const video = quietVideo();
        video.srcObject = stream;
        return playedFrames(video, options).pipe(
          finalize(() => {
            video.srcObject = null;
            for (const track of stream.getTracks()) track.stop();
          }),
        );
      }),
    );
  });
}

function filmFrames(address: string, options: FramesOptions): Observable<Tensor3D> {
  return defer(() => {
    const video = quietVideo();
    video.loop = true;
    video.src = address;
    return playedFrames(video, options).pipe(finalize(() => video.removeAttribute('src')));
  });
}

function quietVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}

function playedFrames(video: HTMLVideoElement, options: FramesOptions): Observable<Tensor3D> {
  return defer(() => playing(video)).pipe(
    switchMap(() =>
      videoFrames(video, { ...options, size: sizeWithin(video.videoWidth, video.videoHeight) }),
    ),
  );
}

async function playing(video: HTMLVideoElement): Promise<void> {
  try {
    await video.play();
  } catch (cause) {
    throw new Error('the file is no film or picture that this browser can show', { cause });
  }
}

function stillFrames(address: string, options: FramesOptions): Observable<Tensor3D> {
  return defer(() => drawn(address)).pipe(switchMap((canvas) => canvasFrames(canvas, options)));
}

async function drawn(address: string): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
  } catch (cause) {
    throw new Error('the file is no picture that this browser can show', { cause });
  }
  const canvas = document.createElement('canvas');
  [canvas.height, canvas.width] = sizeWithin(image.width, image.height);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function sizeWithin(width: number, height: number): [height: number, width: number] {
  const scale = Math.min(1, LONGER_SIDE / Math.max(width, height));
  return [Math.max(1, Math.round(scale * height)), Math.max(1, Math.round(scale * width))];
}
