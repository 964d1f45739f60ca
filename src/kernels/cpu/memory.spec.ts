import { BufferMemory } from './growable-memory';
import { LinearMemory, sizeClass, sparingMemory } from './memory';

const MEGABYTE = 1024 * 1024;

describe('LinearMemory', () => {
  it('rounds sizes up to multiples of 16 that waste at most a fifth', () => {
    for (let bytes = 1; bytes < 70000; bytes += bytes < 600 ? 1 : 37) {
      const size = sizeClass(bytes);
      expect(size % 16).toBe(0);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size - bytes).toBeLessThanOrEqual(Math.max(15, size / 5));
      expect(sizeClass(size)).toBe(size);
    }
    expect(sizeClass(0)).toBe(16);
  });

  it('lets large neighbours begin at different places of a page', () => {
    const memory = new LinearMemory();
    const [a, b, c] = [1, 2, 3].map(() => memory.allocate(4_000_000).offset % 4096) as [
      number,
      number,
      number,
    ];
    expect(Math.abs(a - b)).toBe(2048);
    expect(Math.abs(b - c)).toBe(2048);
  });

  it('does not grow for what no engine can give', () => {
    const memory = new LinearMemory();
    const grow = spyOn(memory.memory, 'grow').and.callThrough();
    const reserved = memory.reservedBytes;
    for (const bytes of [4e12, 2 ** 32, 2 ** 32 - reserved / 2]) {
      expect(() => memory.allocate(bytes)).toThrowError(
        /out of memory on the backend 'cpu': \d+ bytes were asked for/,
      );
    }
    expect(grow).not.toHaveBeenCalled();
    expect(memory.reservedBytes).toBe(reserved);
  });

  it('gives aligned blocks that do not overlap', () => {
    const memory = new LinearMemory();
    const blocks = [1, 16, 17, 100, 4096, 5000, 0, 65537].map((bytes) => ({
      start: memory.allocate(bytes).offset,
      bytes,
    }));
    for (const { start } of blocks) expect(start % 16).toBe(0);
    blocks.sort((a, b) => a.start - b.start);
    for (let i = 1; i < blocks.length; i++) {
      expect(blocks[i]!.start).toBeGreaterThanOrEqual(blocks[i - 1]!.start + blocks[i - 1]!.bytes);
    }
  });

  it('hands a freed block to the next request of its class', () => {
    const memory = new LinearMemory();
    const first = memory.allocate(1000);
    memory.free(first);
    expect(memory.pooledBytes).toBe(sizeClass(1000));
    expect(memory.allocate(1010)).toBe(first);
    expect(memory.pooledBytes).toBe(0);
  });

  it('keeps what is stored when it grows', () => {
    for (const memory of [new LinearMemory(), new LinearMemory(new BufferMemory(2))]) {
      const { offset: small } = memory.allocate(4);
      new Int32Array(memory.buffer, small, 1)[0] = 42;
      const before = memory.reservedBytes;
      const { offset: large } = memory.allocate(40 * MEGABYTE);
      expect(memory.reservedBytes).toBeGreaterThan(before);
      new Uint8Array(memory.buffer, large, 40 * MEGABYTE).fill(1);
      expect(new Int32Array(memory.buffer, small, 1)[0]).toBe(42);
    }
  });

  it('joins free neighbours before it grows', () => {
    const memory = new LinearMemory();
    const blocks = Array.from({ length: 15 }, () => memory.allocate(MEGABYTE));
    const reserved = memory.reservedBytes;
    for (const block of blocks.slice(2, 12)) memory.free(block);
    const large = memory.allocate(7 * MEGABYTE).offset;
    expect(large).toBe(blocks[2]!.offset);
    const rest = 10 * sizeClass(MEGABYTE) - sizeClass(7 * MEGABYTE);
    expect(memory.reservedBytes).toBe(reserved);
    expect(memory.pooledBytes).toBe(rest);
    // The rest of the block serves the next allocation.
    expect(memory.allocate(3 * MEGABYTE).offset).toBe(large + sizeClass(7 * MEGABYTE));
    expect(memory.pooledBytes).toBe(rest - sizeClass(3 * MEGABYTE));
  });

  it('joins free neighbours before it uses new memory where that is asked for', () => {
    const memory = new LinearMemory();
    const [first, second, end] = [MEGABYTE, MEGABYTE, 16].map((bytes) => memory.allocate(bytes));
    memory.free(first!);
    memory.free(second!);
    expect(memory.allocate(2 * MEGABYTE).offset).toBeGreaterThan(end!.offset);
    expect(sparingMemory(() => memory.allocate(1.5 * MEGABYTE)).offset).toBe(first!.offset);
    expect(() =>
      sparingMemory(() => {
        throw new Error('work');
      }),
    ).toThrowError('work');
    // Not in what a block has been in before.
    const last = memory.allocate(3 * MEGABYTE);
    const middle = memory.allocate(MEGABYTE);
    memory.free(last);
    memory.free(middle);
    expect(memory.allocate(4 * MEGABYTE).offset).toBeGreaterThan(middle.offset);
  });

  it('takes back what is free at its end', () => {
    const memory = new LinearMemory();
    const kept = memory.allocate(2 * MEGABYTE);
    const blocks = Array.from({ length: 12 }, () => memory.allocate(MEGABYTE));
    const reserved = memory.reservedBytes;
    for (const block of blocks) memory.free(block);
    expect(memory.allocate(12 * MEGABYTE).offset).toBe(blocks[0]!.offset);
    expect(memory.reservedBytes).toBe(reserved);
    expect(memory.pooledBytes).toBe(0);
    memory.free(kept);
  });

  it('stays bounded when sizes keep changing', () => {
    const memory = new LinearMemory();
    for (let round = 1; round <= 300; round++) {
      const blocks = [1, 2, 3].map((k) => memory.allocate(((round * 7919 * k) % 2000) * 1024 + 16));
      for (const block of blocks) memory.free(block);
    }
    expect(memory.reservedBytes).toBe(16 * MEGABYTE);
  });

  it('says what was asked for when there is no more', () => {
    const memory = new LinearMemory();
    const used = memory.allocate(1000);
    expect(() => memory.allocate(5e9)).toThrowError(
      new RegExp(
        `out of memory on the backend 'cpu': ${sizeClass(5e9)} bytes were asked for; ${sizeClass(1000)} bytes are in use`,
      ),
    );
    // … and goes on working
    memory.free(used);
    expect(memory.allocate(1000)).toBe(used);
  });

  it('refuses to free what is not allocated', () => {
    const memory = new LinearMemory();
    const block = memory.allocate(8);
    memory.free(block);
    expect(() => memory.free(block)).toThrowError(/nothing is allocated at offset/);
  });
});
