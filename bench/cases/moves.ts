import { tensor, values, type Library, type Tensor } from '../library';
import { onPair, onTensor, prepared, wasm, type Case } from './case';

const matrix = (lib: Library): Tensor => tensor(lib, [1000, 1000], 3);

export const moves: readonly Case[] = [
  onTensor('transpose 1000×1000', wasm(1.1, 2), matrix, (lib, x) => lib.transpose(x)),
  onPair('concat two 1000×1000 along the columns', wasm(1.1, 2), [matrix, matrix], (lib, a, b) =>
    lib.concat([a, b], 1),
  ),
  onTensor('pad 1000×1000 by 1 and 2', wasm(1.1, 2), matrix, (lib, x) => lib.pad(x, [[1, 1], [2, 2]])), // prettier-ignore
  {
    name: 'batchNorm 8×32×32×64',
    ...wasm(1.1, 2),
    prepare: (lib) => {
      const x = tensor(lib, [8, 32, 32, 64], 1);
      const [mean, offset, scale] = [tensor(lib, [64], 2), tensor(lib, [64], 3), tensor(lib, [64], 4)];
      const variance = lib.tidy(() => lib.add(lib.abs(tensor(lib, [64], 5)), lib.scalar(0.1)));
      return prepared(() => lib.batchNorm(x, mean, variance, offset, scale));
    },
  },
  {
    name: 'gather 2000 rows of 1000×1000',
    ...wasm(1.1, 2),
    prepare: (lib) => {
      const x = matrix(lib);
      const rows = Int32Array.from(values(2000, 8), (value) => Math.floor(Math.abs(value) * 1000));
      const indices = lib.tensor1d(rows, 'int32');
      return prepared(() => lib.gather(x, indices));
    },
  },
];
