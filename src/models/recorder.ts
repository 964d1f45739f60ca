import type { recorded, RecordedOptions } from '../programs';

/** How models are recorded: one that reads values in an op of its own runs op by op. */
export const RECORDING: RecordedOptions = { otherwise: 'run', rounding: 'close' };

let recorder: typeof recorded | null = null;

/**
 * Loads `recorded`. It is a chunk of its own, which comes while the files of a model do, so that a page begins without it. Where it cannot come, as in a
 * service worker, which may not import later, models run op by op.
 */
export async function loadRecorder(): Promise<void> {
  try {
    recorder ??= (await import('../programs')).recorded;
  } catch {
    return;
  }
}

/** Records functions; null while it is not there. */
export function currentRecorder(): typeof recorded | null {
  return recorder;
}
