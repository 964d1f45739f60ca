import { tensor, type Library, type Tensor } from '../library';
import { onTensor, wasm, type Case } from './case';

const matrix = (lib: Library): Tensor => tensor(lib, [1000, 1000], 3);

export const reductions: readonly Case[] = [0, 1].flatMap((axis) => [
  onTensor(`sum over axis ${axis} of 1000×1000`, wasm(1.5, 5), matrix, (lib, x) => lib.sum(x, axis)),
  onTensor(`mean over axis ${axis} of 1000×1000`, wasm(1.5, 5), matrix, (lib, x) => lib.mean(x, axis)),
  onTensor(`max over axis ${axis} of 1000×1000`, wasm(1.5, 5), matrix, (lib, x) => lib.max(x, axis)),
]);
