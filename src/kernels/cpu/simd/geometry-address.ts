import { PAGE } from '../growable-memory';

/**
 * The address of the geometry block: the last 64 bytes of the memory's first page. No buffer lies in that page, and the compiler
 * lays out the constants of both modules from the page's beginning and refuses those that would reach the block
 * (`--lowMemoryLimit` in scripts/build-wasm.ts).
 */
export const GEOMETRY = PAGE - 64;
