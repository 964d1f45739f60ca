/*
 * The geometry of a convolution or a pooling lies in memory, as one block of i32, and functions take the block's address. The
 * list below gives the order of the numbers and is the only one: scripts/build-wasm.ts derives from it the TypeScript function
 * that lists a geometry in this order, and ../geometry.ts writes that list to memory.
 *
 * Kernels run one after another on one thread, so one block is enough. Threads that share a memory will need a block each: the
 * functions take the address as an argument, so that only the writer will have to know.
 */

/** Images are [height, width, channels]; the names are those of `WindowGeometry` in kernels/convolution.ts. */
@unmanaged
export class Geometry {
  batch: i32;
  inHeight: i32;
  inWidth: i32;
  inChannels: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  padTop: i32;
  padLeft: i32;
}
