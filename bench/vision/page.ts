// The page: it opens contestants, and lets one at a time work on the camera.
import type { CameraRun, Contestant, ContestantName, Progress } from './case';
import { inWorker } from './in-worker';
import { ours } from './ours';
import { theirs } from './theirs';

const all: Readonly<Record<ContestantName, Contestant>> = {
  'ours-cpu': ours('cpu'),
  'tfjs-wasm': theirs('wasm'),
  'ours-webgl': ours('webgl'),
  'tfjs-webgl': theirs('webgl'),
  'worker-cpu': inWorker('cpu'),
  'worker-webgl': inWorker('webgl'),
};

const opened = new Map<ContestantName, ReturnType<Contestant>>();
let running: CameraRun | undefined;

const canvas = (): HTMLCanvasElement => {
  const made = document.createElement('canvas');
  document.body.replaceChildren(made);
  return made;
};

/** The page as it is driven from outside. */
export interface VisionPage {
  /** Opens the camera for a contestant. */
  readonly start: (name: ContestantName) => Promise<void>;
  readonly progress: () => Progress;
  readonly stop: () => Promise<void>;
}

declare global {
  interface Window {
    visionPage: VisionPage;
  }
}

window.visionPage = {
  start: async (name) => {
    const opening = opened.get(name) ?? all[name]();
    opened.set(name, opening);
    running = await (await opening)(canvas());
  },
  progress: () => running!.progress(),
  stop: async () => {
    await running!.stop();
  },
};
