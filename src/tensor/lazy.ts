/** A value that is computed when it is first asked for: what several gradients of one op share. */
export function lazy<T>(compute: () => T): () => T {
  let value: { readonly of: T } | null = null;
  return () => (value ??= { of: compute() }).of;
}
