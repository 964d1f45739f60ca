import type { WebGLBackend } from '../../webgl/backend';
import type { Submission } from '../../webgl/submission';

/** Calls `work`, and returns what it submits to the device, in order. */
export function hear(backend: WebGLBackend, work: () => void): readonly Submission[] {
  const outer = backend.heard;
  const heard: Submission[] = [];
  backend.heard = heard;
  try {
    work();
  } finally {
    backend.heard = outer;
    for (const each of heard) outer?.push(each);
  }
  return heard;
}
