/** What can be listened to: streams, and the media elements of a page. */
import type { OpenSound } from './listen';

/** The rate that contexts most often have. */
const USUAL_RATE = 48_000;

/** Options of the Web Audio API 1.1 that older browsers leave out: without a sink, no speaker is kept open, which costs time. */
interface SilentContextOptions extends AudioContextOptions {
  readonly sinkId: { readonly type: 'none' };
}

/**
 * Opens a context for a stream, at the rate of its microphone, so that the browser does not resample.
 *
 * @param block the seconds of samples of a message, by the context's rate: the context may compute as many at once, since it costs less than to wake up more often
 * @param close releases what was opened before; called too when this fails
 */
export function soundOfStream(
  stream: MediaStream,
  block: (rate: number) => number,
  close: () => void,
): OpenSound {
  const settings: MediaTrackSettings & { latency?: number } = stream.getAudioTracks()[0]?.getSettings() ?? {};
  const { sampleRate, channelCount = 1, latency = 0 } = settings;
  let context: AudioContext | null = null;
  const release = (): void => {
    // It may be closed already.
    context?.close().catch(() => undefined);
    close();
  };
  try {
    const options: SilentContextOptions = {
      latencyHint: block(sampleRate ?? USUAL_RATE),
      sinkId: { type: 'none' },
      ...(sampleRate ? { sampleRate } : {}),
    };
    context = new AudioContext(options);
    const source = context.createMediaStreamSource(stream);
    return { context, source, channels: channelCount, latency, close: release };
  } catch (error) {
    release();
    throw error;
  }
}

/** The sound of elements. An element gives its sound to one context for good, so it is kept as long as the element, and leads to the speakers. */
const ofElements = new WeakMap<HTMLMediaElement, AudioNode>();

/**
 * Opens the sound that an element plays. It stays audible.
 *
 * @throws when the element's sound may not be read, or another context has it
 */
export function soundOfElement(name: string, element: HTMLMediaElement): OpenSound {
  assertReadable(name, element);
  let source = ofElements.get(element);
  if (!source) {
    const context = new AudioContext();
    try {
      source = context.createMediaElementSource(element);
    } catch (cause) {
      context.close().catch(() => undefined);
      throw new Error(
        `${name}: another AudioContext has the sound of the element; wanted the stream of a MediaStreamAudioDestinationNode of that context (${String(cause)})`,
        { cause },
      );
    }
    source.connect(context.destination);
    ofElements.set(element, source);
  }
  // Most sound has two channels, and an element tells nothing of its own.
  return {
    context: source.context as AudioContext,
    source,
    channels: 2,
    latency: 0,
    close: () => undefined,
  };
}

/** @throws when browsers give silence instead, since it comes from another site that has not been asked */
function assertReadable(name: string, { currentSrc, src, crossOrigin }: HTMLMediaElement): void {
  const address = currentSrc || src;
  if (!address || crossOrigin !== null) return;
  const { protocol, origin } = new URL(address, location.href);
  if (/^https?:$/.test(protocol) && origin !== location.origin)
    throw new Error(
      `${name}: the element plays ${address}, whose site has not been asked for its sound; wanted crossOrigin = 'anonymous' set before src, and a site that allows it (CORS)`,
    );
}
