/** Observes what a spec opens: the streams of microphones, and contexts. Call it in `beforeEach`. */
export interface OpenedSound {
  readonly streams: MediaStream[];
  readonly contexts: AudioContext[];
  /** The states of all tracks and contexts. */
  readonly states: () => string[];
}

export function openedSound(): OpenedSound {
  const streams: MediaStream[] = [];
  const contexts: AudioContext[] = [];
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  spyOn(mediaDevices, 'getUserMedia').and.callFake(async (constraints) => {
    const stream = await open(constraints);
    streams.push(stream);
    return stream;
  });
  const Context = AudioContext;
  spyOn(window, 'AudioContext').and.callFake(function (options?: AudioContextOptions) {
    const context = new Context(options);
    contexts.push(context);
    return context;
  });
  return {
    streams,
    contexts,
    states: () => [
      ...streams.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState)),
      ...contexts.map(({ state }) => state),
    ],
  };
}

/** The browser's own: specs replace it. */
const { AudioContext: OwnContext } = globalThis;
let running: Promise<boolean> | undefined;

/** Whether contexts of this browser run. Where a machine has no output for sound, those of Firefox stay suspended: an AudioWorklet hears nothing then. */
async function contextsRun(): Promise<boolean> {
  const context = new OwnContext();
  const late = new Promise<void>((resolve) => setTimeout(resolve, 3000));
  await Promise.race([context.resume(), late]);
  const { state } = context;
  await context.close();
  return state === 'running';
}

/** Says why a spec that hears is not run, where nothing can be heard. */
export async function needsSound(): Promise<void> {
  running ??= contextsRun();
  if (!(await running))
    pending('contexts of this browser stay suspended: the machine has no output for sound');
}

/** A stream of a tone, in place of a microphone. */
export function toneStream(hertz: number): {
  readonly stream: MediaStream;
  readonly context: AudioContext;
  readonly stop: () => Promise<void>;
} {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: hertz });
  const destination = context.createMediaStreamDestination();
  tone.connect(destination);
  tone.start();
  return {
    stream: destination.stream,
    context,
    stop: () => {
      destination.stream.getTracks().forEach((track) => track.stop());
      return context.close();
    },
  };
}

/** The frequency of a tone: the median of tenths of a second, since two devices of a busy machine drift apart, and the browser fills in. */
export function hertzOf(samples: readonly number[], rate: number): number {
  const part = rate / 10;
  const found = Array.from({ length: Math.floor(samples.length / part) }, (_, i) =>
    passing(samples.slice(part * i, part * (i + 1)), rate),
  ).sort((a, b) => a - b);
  return found[found.length >> 1]!;
}

/** By how often it passes zero upwards. */
function passing(samples: readonly number[], rate: number): number {
  const crossings: number[] = [];
  for (let i = 1; i < samples.length; i++) {
    const [a, b] = [samples[i - 1]!, samples[i]!];
    if (a < 0 && b >= 0) crossings.push(i - 1 + a / (a - b));
  }
  return (rate * (crossings.length - 1)) / (crossings.at(-1) - crossings[0]!);
}

/** The message of the error that a stream ends with; 'none' when it completes. */
export async function messageOf(stream: { forEach: (next: () => void) => Promise<void> }): Promise<string> {
  try {
    await stream.forEach(() => undefined);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}
