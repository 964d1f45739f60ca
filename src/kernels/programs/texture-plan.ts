/**
 * Which textures the values of a program take. A texture serves one value after the other, but only those of its own layout and type.
 */

/** A value in a texture. It lives from the draw that fills it to the last draw that reads it, both included. */
export interface TextureLifetime<Kind> {
  /** Values of equal kinds can take one texture. */
  readonly kind: Kind;
  readonly first: number;
  readonly last: number;
}

export interface TexturePlan<Kind> {
  /** The texture of each value. */
  readonly textures: readonly number[];
  /** What each texture is. */
  readonly kinds: readonly Kind[];
}

/**
 * Plans with the fewest textures: as many of each kind as there are values of it alive at one time. A draw reads while it fills, so that a
 * value never takes the texture of one that dies at its first draw.
 *
 * @param lifetimes in the order of their first draws
 */
export function planTextures<Kind>(lifetimes: readonly TextureLifetime<Kind>[]): TexturePlan<Kind> {
  const kinds: Kind[] = [];
  /** The last draw that reads each texture, so far. */
  const busy: number[] = [];
  const textures = lifetimes.map(({ kind, first, last }) => {
    const free = kinds.findIndex((each, i) => each === kind && busy[i]! < first);
    const texture = free < 0 ? kinds.push(kind) - 1 : free;
    busy[texture] = last;
    return texture;
  });
  return { textures, kinds };
}
