import { outermostEmission } from '../../emission';
import type { Trail } from '../../trail';

/**
 * Finds inputs of an operator that share a source. Two inputs share one if both got a value in the same outermost emission, or if the places
 * in their trails name the same source.
 */
export class SharedSources {
  readonly #newest = new Map<number, { readonly emission: object | null; readonly source: string | null }>();
  readonly #pairs = new Set<string>();

  /** Call this when an input brings a value, while its emission runs. */
  note(index: number, { place }: Trail): void {
    const brought = { emission: outermostEmission(), source: place?.source ?? null };
    for (const [other, { emission, source }] of this.#newest) {
      if (other === index) continue;
      const isShared =
        (emission !== null && emission === brought.emission) ||
        (source !== null && source === brought.source);
      if (isShared) this.#pairs.add(pairOf(index, other));
    }
    this.#newest.set(index, brought);
  }

  hasBegun(index: number): boolean {
    return this.#newest.has(index);
  }

  haveOneSource(a: number, b: number): boolean {
    return this.#pairs.has(pairOf(a, b));
  }
}

function pairOf(a: number, b: number): string {
  return `${Math.min(a, b)} ${Math.max(a, b)}`;
}
