import type { Kernel } from '../kernel-table';
import { valuesOf, wordsOf, type CpuBackend } from './backend';

/**
 * Keeps the k greatest elements so far in a heap whose root is the least of them, so that most elements cost one comparison. At the end
 * the roots are taken out one by one, which gives the elements in order.
 */
export const topK: Kernel<CpuBackend, 'topK'> = (backend, [input], [output]) => {
  const x = valuesOf(backend, input!);
  const y = wordsOf(backend, output!);
  const [rows, extent] = input!.shape as [number, number];
  const k = output!.shape[1]!;
  const heap = new Int32Array(k);
  for (let row = 0; row < rows; row++) {
    const base = row * extent;
    const isWorse = (i: number, j: number): boolean => precedes(x[base + j]!, j, x[base + i]!, i);
    let size = 0;
    for (let i = 0; i < extent; i++) {
      if (size < k) {
        heap[size] = i;
        rise(heap, size++, isWorse);
      } else if (isWorse(heap[0]!, i)) {
        heap[0] = i;
        sink(heap, size, isWorse);
      }
    }
    while (size > 0) {
      y[row * k + --size] = heap[0]!;
      heap[0] = heap[size]!;
      sink(heap, size, isWorse);
    }
  }
};

/** Whether value a at index i comes before b at j: the greater first, NaN before numbers, of equals the one with the lower index. */
function precedes(a: number, i: number, b: number, j: number): boolean {
  if (a > b) return true;
  if (a < b) return false;
  const isNaNA = a !== a;
  const isNaNB = b !== b;
  return isNaNA === isNaNB ? i < j : isNaNA;
}

function rise(heap: Int32Array, from: number, isWorse: (i: number, j: number) => boolean): void {
  const item = heap[from]!;
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isWorse(item, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

function sink(heap: Int32Array, size: number, isWorse: (i: number, j: number) => boolean): void {
  const item = heap[0]!;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && isWorse(heap[child + 1]!, heap[child]!)) child++;
    if (!isWorse(heap[child]!, item)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}
