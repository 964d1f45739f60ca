/** Bytes of a WebAssembly page. */
export const PAGE = 65536;
/** All that 32-bit addresses reach. */
export const MAX_PAGES = 65536;

/** What the backend needs of a WebAssembly.Memory, over plain buffers, which are copied to grow. */
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

/** WebAssembly's memory, or plain buffers where a locked-down engine has no WebAssembly at all. */
export function createGrowableMemory(pages: number): GrowableMemory {
  return 'WebAssembly' in globalThis
    ? new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES })
    : new BufferMemory(pages);
}
