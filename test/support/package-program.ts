/** A program of a user; it runs in Node, and Vite builds it for the browser. */
export const program = `
import * as dl from 'rxtensor';
import * as tensor from 'rxtensor/tensor';
import * as cpu from 'rxtensor/cpu';
import * as streams from 'rxtensor/streams';
import * as testing from 'rxtensor/testing';
import * as data from 'rxtensor/data';
import * as files from 'rxtensor/files';
import * as inspector from 'rxtensor/inspector';
import * as models from 'rxtensor/models';
import * as parquet from 'rxtensor/parquet';
import * as tf from 'rxtensor/tfjs';
import * as ops from 'rxtensor/ops';
import * as sound from 'rxtensor/sound';
import 'rxtensor/webgpu';
import * as vision from 'rxtensor/vision';
import * as workers from 'rxtensor/workers';
import { of } from 'rxjs';

export async function run(makeWorker) {
  dl.setBackend('cpu');
  const before = dl.memory().numTensors;
  const x = tensor.tensor1d([1, 2, 3]);
  const oneMemory = dl.memory().numTensors === before + 1 && tensor.memory().numTensors === before + 1;
  const squares = Array.from(x.square().add(1).dataSync());
  const gradient = Array.from(dl.grad((t) => t.square().sum())(x).dataSync());
  const seen = [];
  of(x)
    .pipe(streams.mapTensor((t) => t.mul(2)))
    .subscribe((t) => seen.push(...t.dataSync()));
  const watched = testing.expectNoLeak(() => tensor.tidy(() => x.square().sum().dataSync()[0]));
  let leak = '';
  try {
    testing.expectNoLeak(() => dl.scalar(1));
  } catch (error) {
    leak = error.message.split(':')[0];
  }
  const marbles = [];
  testing.tensorMarbles(({ cold, expectTensors }) => {
    expectTensors(cold('a|', { a: 2 }).pipe(streams.mapTensor((n) => x.mul(n)))).toBe('a|', { a: [2, 4, 6] });
    marbles.push('held');
  });
  const { numTensors } = tensor.memory();
  const crossed = [];
  await of(x)
    .pipe(workers.inWorker(makeWorker), streams.mapTensor((t) => t.add(x)), streams.download())
    .forEach((values) => crossed.push(...values));
  const rows = [];
  await files
    .csv(new Blob(['x\\n1\\n2\\n']), { columns: { x: 'int32' } })
    .pipe(streams.batch(2), streams.mapTensor((batch) => batch.x.mul(2)), streams.download())
    .forEach((values) => rows.push(...values));
  let errors = {};
  await of({ labels: [1, 2], predictions: [1, 4] })
    .pipe(data.measure(data.regression()))
    .forEach((value) => (errors = value));
  const inspected = dl.examples([1, 2]).pipe(streams.mapTensor((n) => dl.scalar(n)), streams.download());
  const inspection = inspector.inspect(inspected);
  await inspected.forEach(() => undefined);
  inspection.end();
  const stages = inspection.frame().stages.map(({ name }) => name);
  const node = [{ name: 'x', op: 'Placeholder' }, { name: 'y', op: 'Square', input: ['x'] }];
  const model = await models.loadGraphModel([new File([JSON.stringify({ modelTopology: { node } })], 'model.json')]);
  const predicted = dl.tidy(() => Array.from(model.predict(x).dataSync()));
  model.dispose();
  const graph = tf.loadGraphModelSync({ modelTopology: { node } });
  const dropIn = tf.tidy(() => Array.from(graph.predict(x).dataSync()));
  graph.dispose();
  const spectrum = dl.tidy(() => Array.from(sound.complexAbs(sound.rfft([1, 0, -1, 0])).dataSync()));
  const greatest = dl.tidy(() => Array.from(ops.maxPool3d([[[[1], [3]]]], [1, 1, 2], 1, 'valid').dataSync()));
  // Neither Node nor this browser has it: the backend before stays.
  const refused = await dl.setBackend('webgpu').then(() => 'opened', ({ message }) => /WebGPU/.exec(message)[0]);
  const left = dl.memory().numTensors - numTensors;
  const strangers = [tensor, streams, cpu].flatMap((entry) => Object.keys(entry).filter((name) => entry[name] !== dl[name]));
  const inTheRoot = [data, files, inspector, models, ops, parquet, sound, vision, workers, testing].flatMap((entry) => Object.keys(entry).filter((name) => name in dl));
  const found = { backend: tensor.getBackend(), oneMemory, squares, gradient, seen, watched, leak, marbles };
  return { ...found, crossed, rows, mae: errors.mae, stages, predicted, dropIn, spectrum, greatest, refused, left, strangers, inTheRoot };
}
`;

/** The file of its worker. */
export const worker = `
import * as dl from 'rxtensor';
import { serve } from 'rxtensor/workers';

dl.setBackend('cpu');
serve((input$) => input$.pipe(dl.mapTensor((x) => x.mul(10))));
`;

/** What `run` of the program gives. */
export const expected = {
  backend: 'cpu',
  oneMemory: true,
  squares: [2, 5, 10],
  gradient: [2, 4, 6],
  seen: [2, 4, 6],
  watched: 14,
  leak: 'expectNoLeak',
  marbles: ['held'],
  crossed: [11, 22, 33],
  rows: [2, 4],
  mae: 1,
  stages: ['examples', 'mapTensor', 'download', 'subscriber'],
  predicted: [1, 4, 9],
  dropIn: [1, 4, 9],
  spectrum: [0, 2, 0],
  greatest: [3],
  refused: 'WebGPU',
  left: 0,
  strangers: [],
  inTheRoot: [],
};
