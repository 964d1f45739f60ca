import { createGrowableMemory, MAX_PAGES, PAGE, type GrowableMemory } from './growable-memory';

const ALIGNMENT = 16;
/** Offset 0 means "nothing", and the first page is left to the WebAssembly modules' constants. */
const FIRST_OFFSET = PAGE;
/** Grown by at least so much at a time, since growing copies on some engines. */
const MIN_GROWTH = 16 * 1024 * 1024;

/**
 * Rounds a size up to one of four classes an octave, so that freed blocks fit later requests of about their size and
 * at most a fifth of a block is wasted.
 */
export function sizeClass(bytes: number): number {
  if (bytes <= 4 * ALIGNMENT) return Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  const octave = 2 ** Math.floor(Math.log2(bytes - 1));
  const step = Math.max(ALIGNMENT, octave / 4);
  return Math.ceil(bytes / step) * step;
}

interface FreeBlock {
  readonly offset: number;
  bytes: number;
}

/**
 * One growable memory in which all of the CPU backend's buffers live, so that WebAssembly kernels work in place and
 * TypeScript sees the same bytes as typed-array views. Never hold a view across an allocation: growing the memory
 * detaches it.
 *
 * Freed blocks wait in a pool, sorted by size class. Before the memory grows, blocks of the pool that lie side by side
 * are joined, so that a program whose sizes change does not grow for ever.
 */
export class LinearMemory {
  /** All that lies beyond has never been used, or was given back. */
  private top = FIRST_OFFSET;
  /** The sizes of blocks in use, by offset. */
  private readonly blocks = new Map<number, number>();
  /** The offsets of free blocks, by size. */
  private readonly pool = new Map<number, number[]>();
  private pooled = 0;
  private used = 0;

  constructor(readonly memory: GrowableMemory = createGrowableMemory(MIN_GROWTH / PAGE)) {}

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  get reservedBytes(): number {
    return this.memory.buffer.byteLength;
  }

  get pooledBytes(): number {
    return this.pooled;
  }

  /**
   * The byte offset of a block of at least `bytes`, aligned to 16; its contents are undefined.
   *
   * @throws when the engine gives no more memory
   */
  allocate(bytes: number): number {
    const size = sizeClass(bytes);
    const offset = this.takePooled(size) ?? this.extend(size);
    this.blocks.set(offset, size);
    this.used += size;
    return offset;
  }

  /** @throws when no block in use begins at `offset` */
  free(offset: number): void {
    const size = this.blocks.get(offset);
    if (size === undefined) throw new Error(`LinearMemory.free: nothing is allocated at offset ${offset}`);
    this.blocks.delete(offset);
    this.used -= size;
    this.addToPool(offset, size);
  }

  private addToPool(offset: number, size: number): void {
    this.pooled += size;
    const free = this.pool.get(size);
    if (free) free.push(offset);
    else this.pool.set(size, [offset]);
  }

  private takePooled(size: number): number | undefined {
    const offset = this.pool.get(size)?.pop();
    if (offset !== undefined) this.pooled -= size;
    return offset;
  }

  private extend(size: number): number {
    if (this.top + size > this.reservedBytes && this.pooled > 0) {
      const offset = this.joinFreeBlocks(size);
      if (offset !== undefined) return offset;
    }
    const offset = this.top;
    if (offset + size > this.reservedBytes) this.grow(size);
    this.top = offset + size;
    return offset;
  }

  private grow(size: number): void {
    const capacity = this.reservedBytes;
    const needed = this.top + size - capacity;
    const room = MAX_PAGES * PAGE - capacity;
    // An engine that refuses to grow generously may still give what is needed.
    for (const bytes of [Math.min(Math.max(needed, MIN_GROWTH, capacity / 4), room), needed]) {
      try {
        this.memory.grow(Math.ceil(bytes / PAGE));
        if (this.reservedBytes >= this.top + size) return;
      } catch {
        continue;
      }
    }
    throw new Error(
      `out of memory on the backend 'cpu': ${size} bytes were asked for; ${this.used} bytes are in use, ` +
        `${this.pooled} wait in the pool, ${capacity} are reserved`,
    );
  }

  /**
   * Joins free blocks that lie side by side, lowers `top` where they end there, and takes a block of `size` from the
   * smallest that holds it.
   */
  private joinFreeBlocks(size: number): number | undefined {
    const free = [...this.pool].flatMap(([bytes, offsets]) => offsets.map((offset) => ({ offset, bytes })));
    free.sort((a, b) => a.offset - b.offset);
    const joined: FreeBlock[] = [];
    for (const block of free) {
      const before = joined[joined.length - 1];
      if (before && before.offset + before.bytes === block.offset) before.bytes += block.bytes;
      else joined.push(block);
    }
    this.pool.clear();
    this.pooled = 0;
    const last = joined[joined.length - 1];
    if (last && last.offset + last.bytes === this.top) {
      this.top = last.offset;
      joined.pop();
    }
    let best: FreeBlock | undefined;
    for (const block of joined) {
      if (block.bytes >= size && (!best || block.bytes < best.bytes)) best = block;
    }
    for (const block of joined) {
      if (block !== best) this.addToPool(block.offset, block.bytes);
      else if (block.bytes > size) this.addToPool(block.offset + size, block.bytes - size);
    }
    return best?.offset;
  }
}
