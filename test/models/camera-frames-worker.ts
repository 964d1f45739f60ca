// A worker that follows what is on the frames of a camera, which it reads itself: `/camera-frames-worker.js?faces,cpu`.
import * as dl from 'rxtensor';
import {
  drawFaces,
  mediaFrames,
  overlay,
  rates,
  smooth,
  type Picture,
  type Rates,
  type Tracked,
} from 'rxtensor/vision';
import { opened, type CameraFamily } from './camera-families';

/** The frames, and where they are shown. */
export interface ToFramesWorker {
  readonly frames: ReadableStream<VideoFrame>;
  readonly canvas: OffscreenCanvas;
}

/** What was seen on a frame, and the memory meanwhile. */
export interface SeenInWorker extends Pick<Rates<unknown>, 'latency' | 'framesPerSecond'> {
  readonly ids: readonly number[];
  readonly numTensors: number;
  readonly numBytes: number;
}

/** What is used here of the scope of a worker: the types of pages stand for it. */
interface Scope {
  readonly postMessage: (message: SeenInWorker) => void;
  onmessage: ((event: { readonly data: ToFramesWorker }) => void) | null;
}

const scope = globalThis as unknown as Scope;
const [family, backend] = location.search.slice(1).split(',') as [CameraFamily, string];

async function follow({ frames, canvas }: ToFramesWorker): Promise<void> {
  await dl.setBackend(backend);
  const { followed } = await opened(family);
  mediaFrames(frames, { read: false })
    .pipe(
      followed,
      smooth<Tracked<Picture>>({ minCutoff: 1, beta: 0.02 }),
      overlay<Tracked<Picture>>(canvas, drawFaces),
      rates<Tracked<Picture>>(),
    )
    .subscribe(({ value: { tracks }, latency, framesPerSecond }) => {
      const { numTensors, numBytes } = dl.memory();
      scope.postMessage({
        ids: tracks.map(({ id }) => id),
        ...{ latency, framesPerSecond, numTensors, numBytes },
      });
    });
}

scope.onmessage = ({ data }) => void follow(data);
