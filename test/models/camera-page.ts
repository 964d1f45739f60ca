// Runs in Chromium: things on the pictures of a camera, found, followed and drawn.
import * as dl from 'rxtensor';
import {
  camera as cameraOf,
  drawFaces,
  overlay,
  rates,
  smooth,
  type Detection,
  type Keypoint,
  type Picture,
  type Tracked,
} from 'rxtensor/vision';
import { inWorker } from 'rxtensor/workers';
import { filter, firstValueFrom, lastValueFrom, map, Observable, take, toArray } from 'rxjs';
import { opened, type CameraFamily } from './camera-families';
import type { SeenInWorker, ToFramesWorker } from './camera-frames-worker';

/** What is found in a page. */
export interface CameraTask {
  readonly family: CameraFamily;
  readonly backend: 'cpu' | 'webgl';
  readonly frames: number;
  /** Where it is followed. */
  readonly place: 'page' | 'worker';
  /** Whether the frames of the camera are not read into tensors. */
  readonly isUnread: boolean;
}

/** A frame, and what was found on it. */
export interface FoundOnFrame {
  readonly shape: readonly number[];
  readonly pixels: readonly number[];
  readonly detections: readonly Detection[];
  readonly points: readonly Keypoint[];
}

/** What a run has found. */
export interface CameraRun {
  readonly one: FoundOnFrame;
  /** The ids on each frame. */
  readonly ids: readonly (readonly number[])[];
  readonly tensors: readonly number[];
  readonly bytes: readonly number[];
  readonly latency: { readonly p50: number; readonly p95: number } | null;
  readonly framesPerSecond: number;
  readonly dropped: number;
  /** The states of the camera's tracks after each of the runs. */
  readonly cameras: readonly string[];
  /** The size of the canvas. */
  readonly canvas: readonly [width: number, height: number];
  readonly left: number;
}

/** What rates() tells of a pipeline whose work takes until a frame has been dropped. */
async function droppedBySlowWork(size: MediaTrackConstraints): Promise<number> {
  let dropped = 0;
  let enough = (): void => undefined;
  const slow = new Promise<void>((resolve) => (enough = resolve));
  const camera = dl.webcam(size, {
    inFlight: 1,
    onDrop: (count) => {
      dropped = count;
      enough();
    },
  });
  const measured = camera.pipe(
    dl.mapTensorAsync(() => slow),
    rates({ dropped: () => dropped }),
  );
  return (await firstValueFrom(measured)).dropped;
}

type Processor = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => {
  readonly readable: ReadableStream<VideoFrame>;
};

/** All work in a worker, to which the page gives the frames of its camera and its canvas. Leaving it waits for the worker to have given all back. */
function followedInWorker(
  family: CameraFamily,
  backend: string,
  size: MediaTrackConstraints,
  canvas: HTMLCanvasElement,
): Observable<SeenInWorker> {
  return new Observable((subscriber) => {
    const worker = new Worker(`/camera-frames-worker.js?${family},${backend}`);
    let track: MediaStreamTrack | undefined;
    worker.onerror = (event) => subscriber.error(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<SeenInWorker>) => subscriber.next(data);
    const begin = async (): Promise<void> => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: size });
      [track] = stream.getVideoTracks();
      const { MediaStreamTrackProcessor } = globalThis as unknown as { MediaStreamTrackProcessor: Processor };
      const frames = new MediaStreamTrackProcessor({ track: track!, maxBufferSize: 1 }).readable;
      const surface = canvas.transferControlToOffscreen();
      worker.postMessage({ frames, canvas: surface } satisfies ToFramesWorker, [frames, surface]);
    };
    begin().catch((error: unknown) => subscriber.error(error));
    return () => {
      track?.stop();
      worker.terminate();
    };
  });
}

export async function main({ family, backend, frames, place, isUnread }: CameraTask): Promise<CameraRun> {
  await dl.setBackend(backend);
  const before = dl.memory().numTensors;
  const cameras: MediaStreamTrack[] = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    cameras.push(...stream.getTracks());
    return stream;
  };
  const { find, locate, followed, close } = await opened(family);
  const size = { width: 640, height: 480 };
  const camera: Observable<Picture> = isUnread ? cameraOf(size, { read: false }) : dl.webcam(size);

  const one = await firstValueFrom(
    camera.pipe(
      dl.mapTensorAsync(async (picture): Promise<FoundOnFrame> => {
        const detections = await find(picture);
        const [first] = detections;
        const { points } = first ? await locate(picture, locate.regionOf(first)!) : { points: [] };
        const tensor = picture instanceof dl.Tensor ? dl.clone(picture) : dl.fromPixels(picture);
        const pixels = [...(await tensor.data())];
        tensor.dispose();
        return { shape: tensor.shape, pixels, detections, points };
      }),
      filter(({ detections }) => detections.length > 0),
    ),
  );
  const canvas = document.createElement('canvas');
  const inPage$ = camera.pipe(
    place === 'page'
      ? followed
      : inWorker<Picture, Tracked<Picture>>(() => new Worker(`/camera-worker.js?${family},${backend}`)),
    smooth<Tracked<Picture>>({ minCutoff: 1, beta: 0.02 }),
    overlay<Tracked<Picture>>(canvas, drawFaces),
    rates<Tracked<Picture>>(),
    map(({ value: { tracks }, latency, framesPerSecond }): SeenInWorker => {
      const { numTensors, numBytes } = dl.memory();
      return { ids: tracks.map(({ id }) => id), latency, framesPerSecond, numTensors, numBytes };
    }),
  );
  const all = await lastValueFrom(
    (place === 'worker' && isUnread ? followedInWorker(family, backend, size, canvas) : inPage$).pipe(
      take(frames),
      toArray(),
    ),
  );
  const dropped = await droppedBySlowWork(size);
  const states = cameras.map(({ readyState }) => readyState);
  close();
  // The frame that was under way is freed when its models have answered.
  for (let i = 0; i < 300 && dl.memory().numTensors > before; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const last = all.at(-1);
  return {
    one,
    ids: all.map(({ ids }) => ids),
    tensors: all.map(({ numTensors }) => numTensors),
    bytes: all.map(({ numBytes }) => numBytes),
    ...{ cameras: states, canvas: [canvas.width, canvas.height] },
    ...{ latency: last.latency, framesPerSecond: last.framesPerSecond, dropped },
    left: dl.memory().numTensors - before,
  };
}
