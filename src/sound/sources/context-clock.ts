/** How much of a change is followed with each look: the browser tells the time in steps of a few milliseconds, and clocks of devices drift slowly. */
const FOLLOWED = 0.02;
/** A greater change, in milliseconds, is none of these: the context has been suspended. */
const JUMP_MS = 250;

/** The moment when a context's time was 0, in milliseconds since 1970. */
function originOf(context: AudioContext): number {
  const { contextTime, performanceTime } = context.getOutputTimestamp();
  const { baseLatency, outputLatency } = context as Partial<AudioContext>;
  // What is being heard was computed so much earlier.
  if (contextTime && performanceTime && baseLatency !== undefined && outputLatency !== undefined)
    return performance.timeOrigin + performanceTime - 1000 * (contextTime + baseLatency + outputLatency);
  return performance.timeOrigin + performance.now() - 1000 * context.currentTime;
}

/**
 * A clock that tells when a sample was captured, in milliseconds since 1970. It never goes back and is never ahead.
 *
 * @param latency the seconds from the microphone to the context
 * @returns a function of the context's time, in seconds
 */
export function contextClock(context: AudioContext, latency: number): (contextTime: number) => number {
  let origin: number | null = null;
  let last = 0;
  return (contextTime) => {
    const now = originOf(context);
    if (origin === null || Math.abs(now - origin) > JUMP_MS) origin = now;
    else origin += FOLLOWED * (now - origin);
    const captured = origin + 1000 * (contextTime - latency);
    last = Math.max(last, Math.min(captured, performance.timeOrigin + performance.now()));
    return last;
  };
}
