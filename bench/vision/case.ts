/** The places where a camera's pictures are worked on, and whose code does it. */
export const contestants = {
  'ours-cpu': { backend: 'cpu', side: 'ours' },
  'tfjs-wasm': { backend: 'cpu', side: 'tfjs' },
  'ours-webgl': { backend: 'webgl', side: 'ours' },
  'tfjs-webgl': { backend: 'webgl', side: 'tfjs' },
  'worker-cpu': { backend: 'cpu', side: 'worker' },
  'worker-webgl': { backend: 'webgl', side: 'worker' },
} as const;

export type ContestantName = keyof typeof contestants;

/** A face on the latest picture, in pixels. */
export interface FoundFace {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Intersection over union. */
export function overlap(a: FoundFace, b: FoundFace): number {
  const area = ({ left, top, right, bottom }: FoundFace): number =>
    Math.max(0, right - left) * Math.max(0, bottom - top);
  const both = area({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  return both / (area(a) + area(b) - both);
}

/** What a run has done so far. */
export interface Progress {
  readonly frames: number;
  /** Of the frames, those on which a face was found. */
  readonly found: number;
  /** How many faces there are on the latest picture. */
  readonly faces: number;
  readonly face: FoundFace | null;
}

/** A camera that is worked on. */
export interface CameraRun {
  readonly progress: () => Progress;
  readonly stop: () => Promise<void> | void;
}

/** Loads its models, and gives a function that opens the camera. */
export type Contestant = () => Promise<(canvas: HTMLCanvasElement) => Promise<CameraRun> | CameraRun>;

/** What is asked of the camera: its clip has as many frames a second, which is more than anyone takes, so that the camera bounds nobody. */
export const CAMERA = { width: 640, height: 480, frameRate: 120 } as const;

/** Detection runs again after so many frames, on both sides. */
export const EVERY = 15;

/** One stretch of one contestant. */
export interface Stretch {
  readonly framesPerSecond: number;
  /** Milliseconds for which the page's main thread was busy, for each frame. */
  readonly mainThread: number;
}

/** A contestant, over all rounds. */
export interface VisionResult {
  readonly name: ContestantName;
  readonly stretches: readonly Stretch[];
}
