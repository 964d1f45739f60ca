import { CAMERA, contestants, type ContestantName, type Stretch, type VisionResult } from './case';

const MUST = 1.5;
const AIM = 3;
const MOST_MAIN_THREAD = 4;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const of = (
  results: readonly VisionResult[],
  name: ContestantName,
  what: keyof Stretch,
): number | undefined => {
  const found = results.find((result) => result.name === name);
  return found && median(found.stretches.map((stretch) => stretch[what]));
};

const peers = { cpu: 'tfjs-wasm', webgl: 'tfjs-webgl' } as const;

/** docs/benchmarks-vision.md. */
export function visionMarkdown(results: readonly VisionResult[], machine: string, rounds: number): string {
  const rows = results.map(({ name }) => {
    const { backend, side } = contestants[name];
    const [fps, main] = [of(results, name, 'framesPerSecond')!, of(results, name, 'mainThread')!];
    const peer = of(results, peers[backend], 'framesPerSecond');
    const ratio = side === 'tfjs' || peer === undefined ? '' : `**×${(fps / peer).toFixed(2)}**`;
    return `| ${name} | ${fps.toFixed(1)} | ${ratio} | ${main.toFixed(1)} |`;
  });
  const missed = results.flatMap(({ name }) => {
    const { backend, side } = contestants[name];
    const peer = of(results, peers[backend], 'framesPerSecond');
    const isShort = peer !== undefined && of(results, name, 'framesPerSecond')! < MUST * peer;
    const isLong = side === 'worker' && of(results, name, 'mainThread')! > MOST_MAIN_THREAD;
    return side !== 'tfjs' && (isShort || isLong) ? [name] : [];
  });
  return `# Benchmarks: camera to canvas

See here how many pictures of a camera are worked on in a second, and how long each keeps the page's main thread, beside TensorFlow.js.

Written by \`npm run bench -- --vision\` on ${machine}, in Chromium. A fake camera shows a photo at ${CAMERA.frameRate} pictures of ${CAMERA.width} × ${CAMERA.height} a second, more than anyone takes. Both sides find
faces (blazeface) on each 15th picture, follow the points of one (facemesh) on each, and draw it over the picture. They take turns in one page, ${rounds} rounds of 5 seconds,
after each of which the boxes that they found are compared; a cell is the median. Ours is the pipeline of [vision.md](vision.md): frames that are not read
(\`read: false\`), of which the browser draws the part that a model looks at on a small canvas. TensorFlow.js 4.22 runs its usual code: a loop of animation frames, \`fromPixels\` of the whole picture,
\`cropAndResize\`, \`execute\`, \`await data()\`, \`drawImage\`, without a filter for the points. In *worker* rows the page gives a worker the frames (\`MediaStreamTrackProcessor\`) and
the canvas, and gets what was found. The time of the main thread is what the browser counts as tasks (\`TaskDuration\`), waits for the GPU's process among it.
WebGL is SwiftShader, a program. The CPU is measured in a browser without GPU, where nothing is drawn by that program.

Asked: ${MUST} times the frames of TensorFlow.js, aim ${AIM}; in a worker at most ${MOST_MAIN_THREAD} ms a frame. Not reached: ${missed.join(', ') || 'nothing'}.

| contestant | frames a second | times TensorFlow.js | main thread, ms a frame |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
