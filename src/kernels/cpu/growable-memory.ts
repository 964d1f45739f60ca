/** Bytes of a WebAssembly page. */
export const PAGE = 65536;
/** The most pages that 32-bit addresses reach: 4 GiB. */
export const MAX_PAGES = 65536;

/** Does what the backend needs of a WebAssembly.Memory, with an ArrayBuffer, which it copies to grow. */
export class BufferMemory {
  #buffer: ArrayBuffer;

  constructor(pages: number) {
    this.#buffer = new ArrayBuffer(pages * PAGE);
  }

  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  grow(pages: number): number {
    const before = this.#buffer;
    this.#buffer = new ArrayBuffer(before.byteLength + pages * PAGE);
    new Uint8Array(this.#buffer).set(new Uint8Array(before));
    return before.byteLength / PAGE;
  }
}

export type GrowableMemory = WebAssembly.Memory | BufferMemory;

/** A WebAssembly memory, or an ArrayBuffer in locked-down engines that have no WebAssembly. */
export function createGrowableMemory(pages: number): GrowableMemory {
  return 'WebAssembly' in globalThis
    ? new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES })
    : new BufferMemory(pages);
}
