// How far the API of an entry may be relied on. The comment at the head of its index.ts says it, where TypeDoc reads it, too.
import { readFileSync } from 'node:fs';

export type Stability = 'stable' | 'experimental';

/** @returns `experimental` where the comment of the module has the tag `@experimental` */
export function stabilityOf(entry: { readonly source: string }): Stability {
  const [comment = ''] = /^\s*\/\*\*.*?\*\//s.exec(readFileSync(entry.source, 'utf8')) ?? [];
  return comment.includes('@module') && /^\s*\* @experimental/m.test(comment) ? 'experimental' : 'stable';
}
