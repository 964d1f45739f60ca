import { planTextures, type TextureLifetime } from './texture-plan';

const plan = (...lifetimes: [string, number, number][]): ReturnType<typeof planTextures<string>> =>
  planTextures(lifetimes.map(([kind, first, last]): TextureLifetime<string> => ({ kind, first, last })));

describe('the plan of textures', () => {
  it('gives a texture to one value after the other', () => {
    const { textures, kinds } = plan(['a', 0, 1], ['a', 1, 2], ['a', 2, 3], ['a', 4, 4]);
    expect(textures).toEqual([0, 1, 0, 0]);
    expect(kinds).toEqual(['a', 'a']);
  });

  it('never lets a draw fill what it reads', () => {
    const { textures } = plan(['a', 0, 1], ['a', 1, 1]);
    expect(textures).toEqual([0, 1]);
  });

  it('keeps kinds apart', () => {
    const { textures, kinds } = plan(['a', 0, 0], ['b', 1, 1], ['a', 2, 2]);
    expect(textures).toEqual([0, 1, 0]);
    expect(kinds).toEqual(['a', 'b']);
  });

  it('needs as many textures as there are values at one time', () => {
    let seed = 1;
    const draw = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let attempt = 0; attempt < 50; attempt++) {
      const lifetimes = Array.from({ length: 40 }, (_, first) => ({
        kind: draw(3),
        first,
        last: first + draw(9),
      }));
      const { textures, kinds } = planTextures(lifetimes);
      const most = [0, 1, 2].map((kind) => {
        const alive = lifetimes.map(
          ({ first }) =>
            lifetimes.filter((each) => each.kind === kind && each.first <= first && first <= each.last)
              .length,
        );
        return Math.max(...alive);
      });
      expect([0, 1, 2].map((kind) => kinds.filter((each) => each === kind).length)).toEqual(most);
      textures.forEach((texture, i) => {
        const other = textures.findIndex(
          (each, k) => k < i && each === texture && lifetimes[k]!.last >= lifetimes[i]!.first,
        );
        expect(other).toBe(-1);
      });
    }
  });
});
