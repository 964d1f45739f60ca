import { createGrowableMemory, MAX_PAGES, PAGE, type GrowableMemory } from './growable-memory';

const ALIGNMENT = 16;
/** Offset 0 means "nothing". The first page is left to the block of simd/geometry-address.ts. */
const FIRST_OFFSET = PAGE;
/** The memory grows by at least so many bytes at a time, since some engines copy it to grow. */
const MIN_GROWTH = 16 * 1024 * 1024;

/**
 * Blocks of more than `LARGE` bytes are `SHIFT` bytes (half a processor page) longer than their class, so that neighbours
 * begin at different places of a page. Else a kernel that walks several of them uses few sets of the cache (4 % slower when
 * adding 1M elements), and processors that compare loads with earlier stores by their place in the page see false conflicts.
 */
const LARGE = 64 * 1024;
const SHIFT = 2048;

/**
 * Rounds a size in bytes up to a size class, so that freed blocks fit later requests of about the same size. There are
 * four classes between powers of two; at most a fifth of a block is wasted.
 */
export function sizeClass(bytes: number): number {
  if (bytes <= 4 * ALIGNMENT) return Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  if (bytes > LARGE) return quarterOctaves(bytes - SHIFT) + SHIFT;
  return quarterOctaves(bytes);
}

function quarterOctaves(bytes: number): number {
  const octave = bytes > 2 ** 32 ? 2 ** 32 : 2 ** (31 - Math.clz32(bytes - 1));
  const step = Math.max(ALIGNMENT, octave / 4);
  return Math.ceil(bytes / step) * step;
}

let isSparing = false;

/**
 * Runs what is done once, or a few times, and not again and again: free blocks are joined before a block is placed in memory that was never
 * used. So less memory is used; but the blocks that work of the same sizes would find in the pool are gone.
 */
export function sparingMemory<T>(work: () => T): T {
  const before = isSparing;
  isSparing = true;
  try {
    return work();
  } finally {
    isSparing = before;
  }
}

/** A piece of the memory, `bytes` long. */
export interface Block {
  readonly offset: number;
  readonly bytes: number;
  isFree: boolean;
}

/**
 * One growable memory that holds all of the CPU backend's buffers. WebAssembly kernels work in it, and TypeScript takes
 * typed-array views of it. Never hold a view across an allocation: growing the memory detaches it.
 *
 * Freed blocks wait in a pool, by size. Before the memory grows, adjacent free blocks are joined, so that a program
 * whose tensor sizes change does not grow for ever.
 */
export class LinearMemory {
  /** The end of the last block. */
  private top = FIRST_OFFSET;
  /** The greatest that this end has been: the system gives pages of memory as they are written to first. */
  private reach = FIRST_OFFSET;
  /** Free blocks, by size. Their objects are used again, so that most requests make no object. */
  private pool = new Map<number, Block[]>();
  /** Only read by others. */
  pooledBytes = 0;
  /** Only read by others. */
  usedBytes = 0;

  constructor(readonly memory: GrowableMemory = createGrowableMemory(MIN_GROWTH / PAGE)) {}

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  get reservedBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * Returns a block of at least `bytes`, aligned to 16 bytes, with undefined contents.
   *
   * @throws when the engine gives no more memory
   */
  allocate(bytes: number): Block {
    const size = sizeClass(bytes);
    let block = this.pool.get(size)?.pop();
    if (block) this.pooledBytes -= size;
    else block = this.extend(size);
    block.isFree = false;
    this.usedBytes += size;
    return block;
  }

  /** @throws when the block is free already */
  free(block: Block): void {
    if (block.isFree) throw new Error(`LinearMemory.free: nothing is allocated at offset ${block.offset}`);
    // Comes first: if the engine's stack overflows in it, nothing has changed.
    addTo(this.pool, block);
    block.isFree = true;
    this.pooledBytes += block.bytes;
    this.usedBytes -= block.bytes;
  }

  private extend(size: number): Block {
    if (this.top + size > (isSparing ? this.reach : this.reservedBytes) && this.pooledBytes > 0) {
      const block = this.joinFreeBlocks(size);
      if (block) return block;
    }
    const offset = this.top;
    if (offset + size > this.reservedBytes) this.grow(size);
    this.top = offset + size;
    if (this.top > this.reach) this.reach = this.top;
    return { offset, bytes: size, isFree: false };
  }

  private grow(size: number): void {
    const capacity = this.reservedBytes;
    const needed = this.top + size - capacity;
    const room = MAX_PAGES * PAGE - capacity;
    // An engine that refuses to grow by more than needed may still grow by what is needed. Beyond 4 GiB nothing is tried.
    if (needed <= room) {
      for (const bytes of [Math.min(Math.max(needed, MIN_GROWTH, capacity / 4), room), needed]) {
        try {
          this.memory.grow(Math.ceil(bytes / PAGE));
          if (this.reservedBytes >= this.top + size) return;
        } catch {
          // Perhaps less.
        }
      }
    }
    throw new Error(
      `out of memory on the backend 'cpu': ${size} bytes were asked for; ${this.usedBytes} bytes are in use, ` +
        `${this.pooledBytes} wait in the pool, ${capacity} are reserved`,
    );
  }

  /**
   * Joins adjacent free blocks, lowers `top` if the last of them ends there, and takes `size` bytes from the smallest free
   * block that is large enough; undefined if there is none.
   */
  private joinFreeBlocks(size: number): Block | undefined {
    const joined: Block[] = [];
    for (const block of [...this.pool.values()].flat().sort((a, b) => a.offset - b.offset)) {
      const before = joined.at(-1);
      if (before && endOf(before) === block.offset) {
        joined.splice(-1, 1, { ...before, bytes: before.bytes + block.bytes });
      } else {
        joined.push(block);
      }
    }
    const last = joined.at(-1);
    const top = last && endOf(last) === this.top ? joined.pop()!.offset : this.top;
    const [best] = joined.filter(({ bytes }) => bytes >= size).sort((a, b) => a.bytes - b.bytes);
    const pool = new Map<number, Block[]>();
    for (const block of joined) if (block !== best) addTo(pool, block);
    if (best && best.bytes > size)
      addTo(pool, { ...best, offset: best.offset + size, bytes: best.bytes - size });
    const found = best && { ...best, bytes: size };
    // Only assignments, and last: if the engine's stack overflows before, nothing has changed.
    this.pool = pool;
    this.pooledBytes -= this.top - top + (found?.bytes ?? 0);
    this.top = top;
    return found;
  }
}

const endOf = ({ offset, bytes }: Block): number => offset + bytes;

function addTo(pool: Map<number, Block[]>, block: Block): void {
  const free = pool.get(block.bytes);
  if (free) free.push(block);
  else pool.set(block.bytes, [block]);
}
