/** Returns a function that calls `compute` once, at its first call, and returns that value at every call. */
export function lazy<T>(compute: () => T): () => T {
  let value: { readonly of: T } | null = null;
  return () => (value ??= { of: compute() }).of;
}
