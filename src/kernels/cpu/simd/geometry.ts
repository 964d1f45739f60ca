import type { WindowGeometry } from '../../convolution';
import type { CpuBackend } from '../backend';
import { GEOMETRY } from './geometry-address';
import { geometryWords } from './simd.wasm';

/**
 * Writes the geometry to memory, where compiled functions read it, and returns its address. A block is valid until the next is
 * written: write it right before the calls that read it.
 */
export function writeGeometry(backend: CpuBackend, geometry: WindowGeometry): number {
  const words = geometryWords(geometry);
  const block = new Int32Array(backend.linear.buffer, GEOMETRY, words.length);
  for (let i = 0; i < words.length; i++) block[i] = words[i]!;
  return GEOMETRY;
}
