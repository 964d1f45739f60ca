import { cases as onCpu, type Case } from '../cases';
import { onPair, onTensor, prepared } from '../cases/case';
import { tensor, type Library, type Tensor, type Tensor2D } from '../library';
import { inputOfBitmap, inputOfCanvas } from './frames';
import { separableNetwork } from './network';

/** A case of this table; its peer is TensorFlow.js on WebGL. */
export interface DeviceCase extends Pick<
  Case,
  'name' | 'must' | 'aim' | 'limitMs' | 'tolerance' | 'prepare'
> {
  /** Times what JavaScript does until all is submitted, not the device. */
  readonly isSubmission?: boolean;
}

const limits = (must: number, aim: number) => ({ peer: 'tfjs-webgl', must, aim }) as const;

/** A case that is timed on the CPU too. */
function again(name: string, must: number, aim: number): DeviceCase {
  const found = onCpu.find((c) => c.name === name);
  if (!found) throw new Error(`there is no case '${name}'`);
  const { tolerance, prepare } = found;
  return { name, must, aim, prepare, ...(tolerance ? { tolerance } : {}) };
}

const FRAME = { must: 12, aim: 24, tolerance: 1e-3 } as const;

const MILLION = [1000, 1000];
const matrix = (lib: Library): Tensor => tensor(lib, MILLION, 3);
const other = (lib: Library): Tensor => tensor(lib, MILLION, 4);

function inARow(lib: Library, x: Tensor, y: Tensor): Tensor {
  return lib.tidy(() => lib.tanh(lib.mul(lib.relu(lib.add(lib.mul(x, 0.5), 0.1)), y)));
}

export const cases: readonly DeviceCase[] = [
  again('matMul 256×256 · 256×256', 1.9, 2.5),
  again('matMul 512×512 · 512×512', 1.9, 2.5),
  onPair(
    'matMul 64×784 · 784×128',
    limits(1.9, 2.5),
    [(lib) => tensor(lib, [64, 784], 1), (lib) => tensor(lib, [784, 128], 2)],
    (lib, a, b) => lib.matMul(a, b),
  ),
  again('conv2d 3×3, 1×56×56×64 → 64', 3.6, 4.5),
  again('conv2d 1×1, 1×28×28×256 → 256', 1.5, 2.5),
  again('depthwise 3×3, 1×56×56×128', 1.6, 2.2),
  again('exp of 1M', 1, 1.3),
  again('add, 1M', 1, 1.3),
  onTensor('add a number to 1M', limits(1, 1.3), matrix, (lib, x) => lib.add(x, 2)),
  again('add a row to 1000×1000', 1, 1.3),
  again('add a column to 1000×1000', 1, 1.3),
  onPair('five elementwise ops in a row, 1M', limits(0.85, 1.1), [matrix, other], inARow),
  again('softmax of 1000×1000', 1.8, 3),
  onPair('softmaxCrossEntropy of 1000×1000', limits(1.8, 3), [matrix, other], (lib, labels, logits) =>
    lib.losses.softmaxCrossEntropy(labels as Tensor2D, logits as Tensor2D),
  ),
  again('transpose 1000×1000', 1.8, 2.5),
  onTensor('slice 900×900 of 1000×1000', limits(1.2, 2), matrix, (lib, x) =>
    lib.slice(x, [50, 51], [900, 900]),
  ),
  again('concat two 1000×1000 along the columns', 1.2, 2),
  again('pad 1000×1000 by 1 and 2', 1.2, 2),
  again('gather 2000 rows of 1000×1000', 1.2, 2),
  again('maxPool 2×2, 8×64×64×32', 1.2, 2),
  again('resizeBilinear 4×64×64×16 → 128×128', 1.2, 2),
  again('sum over axis 0 of 1000×1000', 1.2, 2),
  again('sum over axis 1 of 1000×1000', 1.2, 2),
  again('MLP 784-128-10, batch 64: one Adam step', 2.3, 3),
  again('CNN of the main job, batch 64: one Adam step', 6.6, 8),
  {
    name: 'separable network of 30 layers, one image of 128×128, warm',
    must: 1.3,
    aim: 2,
    tolerance: 1e-3,
    prepare: (lib) => prepared(separableNetwork(lib)),
  },
  { ...FRAME, name: 'canvas of 640×480 → 1×224×224×3, from −1 to 1', limitMs: 4, prepare: inputOfCanvas },
  {
    ...FRAME,
    must: 6,
    aim: 12,
    name: 'ImageBitmap of 640×480 → 1×224×224×3, from −1 to 1',
    limitMs: 4,
    prepare: inputOfBitmap,
  },
  {
    ...FRAME,
    name: 'JavaScript of a canvas of 640×480 → 1×224×224×3',
    must: 1,
    limitMs: 0.3,
    isSubmission: true,
    prepare: inputOfCanvas,
  },
  {
    name: 'JavaScript of one draw: add of two 16×16',
    must: 1,
    aim: 2,
    limitMs: 0.003,
    isSubmission: true,
    prepare: (lib) => {
      const [a, b] = [tensor(lib, [16, 16], 1), tensor(lib, [16, 16], 2)];
      return prepared(() => lib.add(a, b));
    },
  },
];
