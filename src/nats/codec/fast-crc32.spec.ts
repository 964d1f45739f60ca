import { crc32 } from '../../streams/checkpoints/crc32';
import { fastCrc32 } from './fast-crc32';

describe('fastCrc32', () => {
  it('is the CRC-32, for every length and offset', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 7919) >>> 3);
    for (let length = 0; length < 70; length++)
      for (const offset of [0, 1, 3, 8, 200]) {
        const part = bytes.subarray(offset, offset + length);
        expect(fastCrc32(part)).withContext(`${length} from ${offset}`).toBe(crc32(part));
      }
    expect(fastCrc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});
