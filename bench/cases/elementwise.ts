import { tensor, type Library, type Tensor, type Tensor4D } from '../library';
import { onPair, onTensor, wasm, type Case } from './case';

const MILLION = [1000, 1000];
const signed = (lib: Library): Tensor => tensor(lib, MILLION, 3, 4);
const positive = (lib: Library): Tensor => lib.tidy(() => lib.add(lib.abs(signed(lib)), lib.scalar(0.01)));
const other = (lib: Library): Tensor => tensor(lib, MILLION, 4);

export const elementwise: readonly Case[] = [
  onTensor('exp of 1M', wasm(4, 10), signed, (lib, x) => lib.exp(x)),
  onTensor('tanh of 1M', wasm(4, 10), signed, (lib, x) => lib.tanh(x)),
  onTensor('log of 1M', wasm(4, 10), positive, (lib, x) => lib.log(x)),
  onTensor('sigmoid of 1M', wasm(1, 1.5), signed, (lib, x) => lib.sigmoid(x)),
  onTensor('softmax of 1000×1000', wasm(1, 1.5), signed, (lib, x) => lib.softmax(x)),
  onTensor(
    'maxPool 2×2, 8×64×64×32',
    wasm(1, 1.5),
    (lib) => tensor(lib, [8, 64, 64, 32], 5),
    (lib, x) => lib.maxPool(x as Tensor4D, 2, 2, 'valid'),
  ),
  onTensor(
    'resizeBilinear 4×64×64×16 → 128×128',
    wasm(1, 1.5),
    (lib) => tensor(lib, [4, 64, 64, 16], 5),
    (lib, x) => lib.image.resizeBilinear(x as Tensor4D, [128, 128]),
  ),
  onPair('add, 1M', wasm(1, 1.3), [signed, other], (lib, a, b) => lib.add(a, b)),
  onPair('mul, 1M', wasm(1, 1.3), [signed, other], (lib, a, b) => lib.mul(a, b)),
  onTensor('relu of 1M', wasm(1, 1.3), signed, (lib, x) => lib.relu(x)),
  onPair('add a row to 1000×1000', wasm(1, 1.3), [signed, (lib) => tensor(lib, [1000], 6)], (lib, a, b) =>
    lib.add(a, b),
  ),
  onPair(
    'add a column to 1000×1000',
    wasm(1, 1.3),
    [signed, (lib) => tensor(lib, [1000, 1], 6)],
    (lib, a, b) => lib.add(a, b),
  ),
];
