// The worker of in-worker.ts: `/worker.js?cpu`.
import * as dl from 'rxtensor';
import { mediaFrames, type Tracked } from 'rxtensor/vision';
import type { Subscription } from 'rxjs';
import { faces } from './ours';

/** The camera and the canvas; null: stop. */
export type ToWorker = {
  readonly frames: ReadableStream<VideoFrame>;
  readonly canvas: OffscreenCanvas;
} | null;

/** What was found on a frame. */
export type FromWorker = Pick<Tracked, 'tracks'> | 'ready' | 'stopped';

/** What is used here of the scope of a worker: the types of pages stand for it. */
interface Scope {
  readonly postMessage: (message: FromWorker) => void;
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
}

const scope = globalThis as unknown as Scope;

async function main(): Promise<void> {
  await dl.setBackend(location.search.slice(1));
  const followed = await faces();
  let running: Subscription | undefined;
  scope.onmessage = ({ data }) => {
    running?.unsubscribe();
    if (!data) {
      scope.postMessage('stopped');
      return;
    }
    const canvas = data.canvas;
    running = followed(mediaFrames(data.frames, { read: false }), canvas).subscribe(({ value: { tracks } }) =>
      scope.postMessage({ tracks }),
    );
  };
  scope.postMessage('ready');
}

void main();
