import { memoryStore } from './memory-store';

describe('memoryStore', () => {
  it('keeps a copy of what was saved last', async () => {
    const store = memoryStore();
    expect(await store.load()).toBeNull();
    const bytes = new Uint8Array([1, 2, 3]);
    await store.save(bytes);
    bytes.fill(0);
    const found = await store.load();
    expect(found).toEqual(new Uint8Array([1, 2, 3]));
    found?.fill(9);
    expect(await store.load()).toEqual(new Uint8Array([1, 2, 3]));
    await store.save(new Uint8Array([4]));
    expect(await store.load()).toEqual(new Uint8Array([4]));
    expect(await memoryStore().load()).toBeNull();
  });
});
