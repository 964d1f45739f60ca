// The ways in which the library computes and can be read at once; WebGPU, which cannot, is compared in kernels.spec.ts. A backend is made when it is first asked for.
import { createCpuBackend } from '../../src/kernels/cpu';
import { createWebGLBackend } from '../../src/kernels/webgl';
import type { Backend } from '../../src/kernels';

const makers = {
  /** Plain TypeScript, most of it in float64: what the others are compared with. */
  plain: () => createCpuBackend('none'),
  simd: () => createCpuBackend('simd'),
  relaxed: () => createCpuBackend('relaxed'),
  webgl: () => createWebGLBackend() as Backend | null,
};

export type WayName = keyof typeof makers;

const made = new Map<WayName, Backend | null>();

/** The backend that computes so, or null where this engine cannot. */
export function backendOf(way: WayName): Backend | null {
  if (!made.has(way)) made.set(way, makers[way]());
  return made.get(way)!;
}

/** To be called once such a backend has been removed from the library: that disposes it, and the next to ask gets a new one. */
export function forgetBackend(way: WayName): void {
  made.delete(way);
}

/** What plain TypeScript is compared with here: WebGL is only in browsers. */
export const otherWays: readonly WayName[] =
  typeof document === 'undefined' ? ['simd', 'relaxed'] : ['simd', 'relaxed', 'webgl'];
