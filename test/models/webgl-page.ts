// Runs in Chromium: a public model on WebGL, and on the CPU of the same page.
import * as dl from 'rxtensor';
import { loadGraphModel, loadLayersModel, onnx, tflite, tfjsGraph, type ModelFiles } from 'rxtensor/models';
import { distance } from './distance';
import { feedFor, fileOf, onnxModels } from './onnx-models';
import { pictureFor } from './picture';

/** A model that a server holds, and what is compared of it. */
export interface ServedModel {
  readonly address: string;
  readonly name: string;
  readonly kind: 'graph' | 'onnx' | 'tflite' | 'layers';
  /** The nodes to compare; the outputs if left out. */
  readonly compared?: readonly string[];
}

/** How far WebGL's values are from those of the CPU, and what is left behind. */
export interface OnWebGL {
  readonly distances: readonly number[];
  readonly left: number;
}

/** Models that take pictures of any size get small ones. */
const SIDE = 64;

const formats = { graph: tfjsGraph, onnx, tflite };

function filesAt(address: string): ModelFiles {
  const read = async (path: string): Promise<Uint8Array> => {
    const answer = await fetch(`${address}?path=${encodeURIComponent(path)}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  return { name: address, readFirst: () => read(''), read };
}

export async function main({ address, name, kind, compared }: ServedModel): Promise<OnWebGL> {
  dl.setBackend('cpu');
  const before = dl.memory().numTensors;
  const files = filesAt(address);
  const model =
    kind === 'layers' ? await loadLayersModel(files) : await loadGraphModel(files, { format: formats[kind] });
  const sound = onnxModels.find((each) => kind === 'onnx' && fileOf(each) === name);
  const inputs = Object.fromEntries(
    model.inputs.map((input) => {
      if (sound) {
        const { type, values, shape } = feedFor(input, sound);
        return [input.name, dl.tensor([...values], [...shape], type === 'float' ? 'float32' : 'int32')];
      }
      const small = input.shape?.map((extent, axis) => extent ?? (axis === 0 ? 1 : SIDE)) ?? null;
      const { values, shape, dtype } = pictureFor({ ...input, shape: small });
      return [input.name, dl.tensor(values, shape, dtype)];
    }),
  );
  const run = async (): Promise<ArrayLike<number>[]> => {
    const found =
      compared && 'executeAsync' in model
        ? await model.executeAsync(inputs, compared)
        : [await model.predictAsync(inputs)].flatMap((result) =>
            result instanceof dl.Tensor ? result : Object.values(result),
          );
    const values = await Promise.all(found.map((each) => each.data()));
    dl.dispose(found);
    return values;
  };
  const wanted = await run();
  await dl.setBackend('webgl');
  // It was traced on the CPU: WebGL runs the plan.
  const found = await run();
  dl.dispose(inputs);
  model.dispose();
  return {
    distances: wanted.map((values, i) => distance(found[i]!, values)),
    left: dl.memory().numTensors - before,
  };
}
