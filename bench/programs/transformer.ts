import { tensor, type Library, type Tensor, type Tensor2D } from '../library';
import type { Trained } from '../cases/training';

const TOKENS = 128;
const WIDTH = 256;
const HEADS = 4;

/** Rows of variance one and mean zero, scaled and moved (Ba, Kiros and Hinton 2016). */
function normalised(lib: Library, x: Tensor, scale: Tensor, offset: Tensor): Tensor {
  const { mean, variance } = lib.moments(x, 1, true);
  const deviation = lib.sqrt(lib.add(variance, lib.scalar(1e-5)));
  return lib.add(lib.mul(lib.div(lib.sub(x, mean), deviation), scale), offset);
}

/** Self-attention and a layer of four times the width, both behind a normalisation, on top of what comes in (Vaswani et al. 2017; Xiong et al. 2020). */
export function transformerBlock(lib: Library, tag: string): Trained & { block: (x: Tensor) => Tensor } {
  const names = ['query', 'key', 'value', 'output'].map((name) => [name, [WIDTH, WIDTH]] as const);
  const layers = [...names, ['wide', [WIDTH, 4 * WIDTH]] as const, ['narrow', [4 * WIDTH, WIDTH]] as const];
  const variable = (name: string, shape: number[], seed: number, scale: number): Tensor =>
    lib.variable(tensor(lib, shape, seed, scale), true, `${tag}/${name}`) as Tensor;
  const weights = layers.map(([name, shape], i) =>
    variable(name, [...shape], i + 1, 1 / Math.sqrt(shape[0]!)),
  );
  const biases = layers.map(([name, shape], i) => variable(`${name} bias`, [shape[1]!], i + 11, 0.1));
  const norms = [0, 1, 2, 3].map((i) => variable(`norm ${i}`, [WIDTH], i + 21, 1));
  const dense = (x: Tensor, layer: number): Tensor =>
    lib.add(lib.matMul(x as Tensor2D, weights[layer] as Tensor2D), biases[layer]!);
  const heads = (x: Tensor): Tensor =>
    lib.transpose(lib.reshape(x, [TOKENS, HEADS, WIDTH / HEADS]), [1, 0, 2]);
  const attention = (x: Tensor): Tensor => {
    const [query, key, value] = [0, 1, 2].map((layer) => heads(dense(x, layer))) as [Tensor, Tensor, Tensor];
    const scores = lib.matMul(query as never, key as never, false, true) as Tensor;
    const weighted = lib.softmax(lib.mul(scores, lib.scalar(1 / Math.sqrt(WIDTH / HEADS))));
    const mixed = lib.matMul(weighted as never, value as never) as Tensor;
    return dense(lib.reshape(lib.transpose(mixed, [1, 0, 2]), [TOKENS, WIDTH]), 3);
  };
  const gelu = (x: Tensor): Tensor => {
    const inner = lib.mul(
      lib.add(x, lib.mul(lib.mul(lib.square(x), x), lib.scalar(0.044715))),
      lib.scalar(0.7978846),
    );
    return lib.mul(lib.mul(x, lib.scalar(0.5)), lib.add(lib.tanh(inner), lib.scalar(1)));
  };
  const block = (x: Tensor): Tensor => {
    const attended = lib.add(x, attention(normalised(lib, x, norms[0]!, norms[1]!)));
    const wide = gelu(dense(normalised(lib, attended, norms[2]!, norms[3]!), 4));
    return lib.add(attended, dense(wide, 5));
  };
  const x = tensor(lib, [TOKENS, WIDTH], 31);
  const wanted = tensor(lib, [TOKENS, WIDTH], 32);
  return {
    variables: [...weights, ...biases, ...norms],
    batch: [x, wanted],
    loss: (input = x, target = wanted) => lib.mean(lib.square(lib.sub(block(input), target))),
    block,
  };
}
