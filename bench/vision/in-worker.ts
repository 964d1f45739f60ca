// Ours, with all its work in a worker: the page gives it the camera's frames and its canvas, and gets what was found.
import { CAMERA, type Contestant } from './case';
import { counting } from './counting';
import type { FromWorker, ToWorker } from './worker';

type Processor = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => {
  readonly readable: ReadableStream<VideoFrame>;
};

/** The next message of a worker. */
const answer = (worker: Worker): Promise<FromWorker> =>
  new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data as FromWorker), { once: true });
    worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
  });

export const inWorker =
  (backend: 'cpu' | 'webgl'): Contestant =>
  async () => {
    const worker = new Worker(`/worker.js?${backend}`);
    await answer(worker);
    return async (canvas) => {
      const camera = await navigator.mediaDevices.getUserMedia({ video: CAMERA });
      const [track] = camera.getVideoTracks();
      const { MediaStreamTrackProcessor } = globalThis as unknown as { MediaStreamTrackProcessor: Processor };
      const frames = new MediaStreamTrackProcessor({ track: track!, maxBufferSize: 1 }).readable;
      const surface = canvas.transferControlToOffscreen();
      const { count, progress } = counting();
      const listen = ({ data }: MessageEvent<FromWorker>): void => {
        if (typeof data === 'object') count(data.tracks);
      };
      worker.addEventListener('message', listen);
      worker.postMessage({ frames, canvas: surface } satisfies ToWorker, [frames, surface]);
      return {
        progress,
        stop: async () => {
          worker.removeEventListener('message', listen);
          const stopped = answer(worker);
          worker.postMessage(null);
          await stopped;
          track!.stop();
        },
      };
    };
  };
