import type { TimerQueryExtension } from './context';

/** Contexts with an active query. A context can have only one at a time. */
const timing = new WeakSet<WebGL2RenderingContext>();

/**
 * Runs `work` and resolves to the milliseconds that the device spent on it. NaN where the browser has no timer (most have
 * it only for cross-origin isolated pages), within another timing, and after a disturbance such as a lost context.
 *
 * @param passed resolves when all work queued so far is done
 */
export async function elapsedOnDevice(
  gl: WebGL2RenderingContext,
  extension: TimerQueryExtension | null,
  passed: () => Promise<void>,
  work: () => void,
  isLost: () => boolean,
): Promise<number> {
  const query = extension && !timing.has(gl) ? gl.createQuery() : null;
  if (!extension || !query) {
    work();
    return NaN;
  }
  gl.beginQuery(extension.TIME_ELAPSED_EXT, query);
  timing.add(gl);
  let failed = true;
  try {
    work();
    failed = false;
  } finally {
    timing.delete(gl);
    gl.endQuery(extension.TIME_ELAPSED_EXT);
    if (failed) gl.deleteQuery(query);
  }
  do await passed();
  while (!isLost() && !gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE));
  const disturbed = isLost() || (gl.getParameter(extension.GPU_DISJOINT_EXT) as boolean);
  const nanoseconds = disturbed ? NaN : (gl.getQueryParameter(query, gl.QUERY_RESULT) as number);
  gl.deleteQuery(query);
  return nanoseconds / 1e6;
}
