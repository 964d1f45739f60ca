import { payloadCache } from './payload-cache';

describe('Payloads that wait to be fetched', () => {
  it('are kept within a limit: the oldest are forgotten', () => {
    const cache = payloadCache(100);
    const forgotten: string[] = [];
    const add = (name: string, bytes: number): void => {
      const release = (): void => {
        forgotten.push(name);
        cache.remove(release);
      };
      cache.add(release, bytes, name);
    };
    add('a', 60);
    add('b', 30);
    expect([cache.bytes(), forgotten.length]).toEqual([90, 0]);
    add('c', 50);
    expect([cache.bytes(), forgotten]).toEqual([80, ['a']]);
    add('d', 500);
    expect([cache.bytes(), forgotten]).toEqual([500, ['a', 'b', 'c']]);
    cache.forget('d');
    expect(cache.bytes()).toBe(0);
  });
});
