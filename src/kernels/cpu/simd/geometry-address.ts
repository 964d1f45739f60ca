import { PAGE } from '../growable-memory';

/**
 * The address of the geometry block: the last 64 bytes of the memory's first page. No buffer lies in that page, and
 * scripts/build-wasm.ts refuses modules that would put constants there.
 */
export const GEOMETRY = PAGE - 64;
