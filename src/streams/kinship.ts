import { outermostEmission } from './emission';
import type { Trail } from './trail';

/** Which inputs of an operator bring values of one shared source: a value reached both in the same emission, or its place names that source. */
export class Kinship {
  private readonly newest = new Map<
    number,
    { readonly emission: object | null; readonly source: string | null }
  >();
  private readonly kin = new Set<string>();

  /** A value has come from this input, in the emission that is under way. */
  note(index: number, { place }: Trail): void {
    const brought = { emission: outermostEmission(), source: place?.source ?? null };
    for (const [other, { emission, source }] of this.newest) {
      if (other === index) continue;
      const isShared =
        (emission !== null && emission === brought.emission) ||
        (source !== null && source === brought.source);
      if (isShared) this.kin.add(pairOf(index, other));
    }
    this.newest.set(index, brought);
  }

  hasBegun(index: number): boolean {
    return this.newest.has(index);
  }

  areKin(a: number, b: number): boolean {
    return this.kin.has(pairOf(a, b));
  }
}

function pairOf(a: number, b: number): string {
  return `${Math.min(a, b)} ${Math.max(a, b)}`;
}
