import { contextClock } from './context-clock';
import { keepRunning } from './keep-running';
import type { SampleDevice, SampleEvents } from './live-samples';
import {
  PROCESSOR,
  PROCESSOR_SOURCE,
  type FromProcessor,
  type ProcessorOptions,
  type ToProcessor,
} from './processor';

/** What is listened to, in an AudioContext. */
export interface OpenSound {
  readonly context: AudioContext;
  readonly source: AudioNode;
  readonly channels: number;
  /** The seconds that a sample takes to the context. */
  readonly latency: number;
  /** Releases what was opened for one subscription. */
  readonly close: () => void;
}

/** How samples come to the page. */
export interface ListenOptions {
  /** The seconds of samples that may wait for the stream. */
  readonly ring: number;
  /** The least seconds that may wait: two frames. */
  readonly least: (rate: number) => number;
  /** The seconds of samples of a message. */
  readonly block: (rate: number) => number;
  /** The address of the processor; a Blob's when left out. */
  readonly worklet: string | URL | undefined;
}

/** The processor is told what has been read in so many parts of the ring: each message costs time. */
const CREDITS = 16;

/**
 * Listens to what `open` opens, by an AudioWorklet.
 *
 * @param open opens it; `flush` ends the samples, after those that have come
 */
export function listen(
  name: string,
  open: (flush: () => void) => OpenSound | Promise<OpenSound>,
  events: SampleEvents,
  options: ListenOptions,
): SampleDevice {
  let isClosed = false;
  let close = (): void => undefined;
  let tell = (_message: ToProcessor): void => undefined;
  let rate = NaN;
  let captured: SampleDevice['captured'] = () => NaN;
  let isFlushed = false;
  /** Samples that have been read, of which the processor knows nothing yet. */
  let read = 0;
  const flush = (): void => {
    isFlushed = true;
    tell({ flush: true });
  };

  const start = async (): Promise<void> => {
    const sound = await open(flush);
    close = sound.close;
    // The person may have been asked for a long time.
    if (isClosed) return;
    const { context, channels } = sound;
    await addProcessor(name, context, options.worklet);
    if (isClosed) return;
    rate = context.sampleRate;
    captured = contextClock(context, sound.latency);
    const node = nodeOf(context, channels, options);
    const { port } = node;
    tell = (message) => port.postMessage(message);
    port.onmessage = ({ data }: MessageEvent<FromProcessor>) => {
      if (isClosed) return;
      if (data) events.samples(data);
      else events.end();
    };
    node.onprocessorerror = () =>
      events.fail(new Error(`${name}: the AudioWorklet failed; the console of the browser says why`));
    const stopKeeping = keepRunning(name, context, (seconds) => tell({ lost: Math.round(seconds * rate) }));
    sound.source.connect(node);
    // It is silent: browsers run only what leads to the speakers.
    node.connect(context.destination);
    tell({ begin: true });
    if (isFlushed) flush();
    close = () => {
      stopKeeping();
      tell({ stop: true });
      port.onmessage = null;
      port.close();
      sound.source.disconnect(node);
      node.disconnect();
      sound.close();
    };
  };
  start().then(
    () => {
      if (isClosed) close();
    },
    (error: unknown) => {
      if (isClosed) close();
      else events.fail(error);
    },
  );
  return {
    rate: () => rate,
    captured: (contextTime) => captured(contextTime),
    read: (samples) => {
      read += samples;
      if (read < (rate * options.ring) / CREDITS) return;
      tell({ read });
      read = 0;
    },
    close: () => {
      isClosed = true;
      close();
    },
  };
}

function nodeOf(
  context: AudioContext,
  channels: number,
  { ring, least, block: seconds }: ListenOptions,
): AudioWorkletNode {
  const { sampleRate: rate, renderQuantumSize: quantum = 128 } = context as AudioContext & {
    readonly renderQuantumSize?: number;
  };
  const block = quantum * Math.max(1, Math.round((seconds(rate) * rate) / quantum));
  const most = Math.ceil(Math.max(ring, least(rate)) * rate) + 2 * block;
  const processorOptions: ProcessorOptions = { channels, block, most };
  return new AudioWorkletNode(context, PROCESSOR, {
    processorOptions,
    numberOfOutputs: 1,
    channelCount: channels,
    channelCountMode: 'explicit',
    channelInterpretation: 'discrete',
  });
}

/** @throws where there are no AudioWorklets */
export function assertWorklets(name: string): void {
  if (typeof AudioWorkletNode === 'function') return;
  throw new Error(
    `${name}: there is no AudioWorklet here; wanted a page that came by HTTPS or from localhost, in Chrome 66, Firefox 76, Safari 14.1 or later`,
  );
}

/** The contexts that have the processor: it can be registered once in each. */
const registered = new WeakMap<AudioContext, Promise<void>>();

function addProcessor(name: string, context: AudioContext, worklet: string | URL | undefined): Promise<void> {
  const known = registered.get(context);
  if (known) return known;
  const adding = added(name, context, worklet);
  registered.set(context, adding);
  adding.catch(() => registered.delete(context));
  return adding;
}

async function added(name: string, context: AudioContext, worklet: string | URL | undefined): Promise<void> {
  const address = worklet ?? URL.createObjectURL(new Blob([PROCESSOR_SOURCE], { type: 'text/javascript' }));
  try {
    await context.audioWorklet.addModule(address);
  } catch (cause) {
    throw new Error(
      worklet === undefined
        ? `${name}: the AudioWorklet could not be loaded from a blob, as where a Content-Security-Policy forbids it; wanted "script-src blob:" in it, or option 'worklet' with the address of rxtensor/sound-worklet.js (${String(cause)})`
        : `${name}: option 'worklet' is ${String(worklet)}, which could not be loaded; wanted the address of the package's file sound-worklet.js (${String(cause)})`,
      { cause },
    );
  } finally {
    if (worklet === undefined) URL.revokeObjectURL(String(address));
  }
}
