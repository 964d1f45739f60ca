import type { SimdExports } from './simd.wasm';

/**
 * The compiled loops of a family by the names of their rows: in the family `binary`, `add` is the export `binary_add`. They are
 * looked up once, since building such a name takes longer than a small tensor's arithmetic.
 */
export function loopsOfFamily<Loop>(
  simd: SimdExports,
  family: string,
): Readonly<Record<string, Loop | undefined>> {
  const prefix = `${family}_`;
  const exports = Object.entries(simd as unknown as Readonly<Record<string, Loop>>);
  return Object.fromEntries(
    exports.flatMap(([name, loop]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), loop]] : [])),
  );
}
