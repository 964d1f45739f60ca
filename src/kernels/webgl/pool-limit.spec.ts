import { poolLimit } from './pool-limit';

const MIB = 2 ** 20;
const desktop = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
const android = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36';
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1';

describe('the bound of the texture pool', () => {
  it('follows the memory of the machine, and is small on phones and small GPUs', () => {
    expect(poolLimit(16384, { userAgent: desktop, deviceMemory: 8 })).toBe(1024 * MIB);
    expect(poolLimit(16384, { userAgent: desktop, deviceMemory: 2 })).toBe(256 * MIB);
    expect(poolLimit(16384, { userAgent: desktop })).toBe(512 * MIB);
    expect(poolLimit(4096, { userAgent: desktop })).toBe(128 * MIB);
    expect(poolLimit(16384, { userAgent: android, deviceMemory: 8 })).toBe(256 * MIB);
    expect(poolLimit(16384, { userAgent: android, deviceMemory: 2 })).toBe(64 * MIB);
    expect(poolLimit(16384, { userAgent: iPhone })).toBe(128 * MIB);
  });
});
