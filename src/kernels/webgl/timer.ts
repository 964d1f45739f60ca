import type { TimerQueryExtension } from './context';

/** Contexts in which a query is under way: there can be one at a time. */
const timing = new WeakSet<WebGL2RenderingContext>();

/**
 * Runs `work` and tells how many milliseconds the device spent on it: NaN where the browser does not give the timer away
 * (most do so for pages that are isolated from others only), inside of another timing, and where the clock was disturbed.
 */
export async function elapsedOnDevice(
  gl: WebGL2RenderingContext,
  extension: TimerQueryExtension | null,
  passed: () => Promise<void>,
  work: () => void,
): Promise<number> {
  const query = extension && !timing.has(gl) ? gl.createQuery() : null;
  if (!extension || !query) {
    work();
    return NaN;
  }
  timing.add(gl);
  gl.beginQuery(extension.TIME_ELAPSED_EXT, query);
  let failed = true;
  try {
    work();
    failed = false;
  } finally {
    gl.endQuery(extension.TIME_ELAPSED_EXT);
    timing.delete(gl);
    if (failed) gl.deleteQuery(query);
  }
  do await passed();
  while (!gl.isContextLost() && !gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE));
  const disturbed = gl.isContextLost() || (gl.getParameter(extension.GPU_DISJOINT_EXT) as boolean);
  const nanoseconds = disturbed ? NaN : (gl.getQueryParameter(query, gl.QUERY_RESULT) as number);
  gl.deleteQuery(query);
  return nanoseconds / 1e6;
}
