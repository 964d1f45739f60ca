import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { entries } from '../scripts/entries.js';
import { command, installedPackage } from './support/installed-package';

/** A program that is checked and not run. */
const types = `
import * as dl from 'rxtensor';
import { tensor1d, type Tensor } from 'rxtensor/tensor';
import { mapTensor } from 'rxtensor/streams';
import { deviceMarbles, type FakeDevice } from 'rxtensor/testing';
import { measure, regression, type RegressionErrors } from 'rxtensor/data';
import { csv, type CsvRow } from 'rxtensor/files';
import { inspect, type PipelineFrame } from 'rxtensor/inspector';
import { loadGraphModel, type GraphModel } from 'rxtensor/models';
import * as tf from 'rxtensor/tfjs';
import { inWorker as light, type HostTensor } from 'rxtensor/page';
import { inWorker, type WorkerLike } from 'rxtensor/workers';
import { of, type Observable } from 'rxjs';

const x: dl.Tensor = tensor1d([1, 2, 3]);
export const doubled: Observable<Tensor> = of(x).pipe(mapTensor((t) => t.mul(2)));
export const rows: Observable<CsvRow<{ x: 'int32' }>> = csv('rows.csv', { columns: { x: 'int32' } });
export const errors: Observable<RegressionErrors> = of({ labels: [1], predictions: [1] }).pipe(measure(regression()));
export const frame: PipelineFrame = inspect(rows).frame();
export const model: Promise<GraphModel> = loadGraphModel('model.json');
export const far = (make: () => WorkerLike): Observable<Tensor> => of(x).pipe(inWorker<Tensor, Tensor>(make));
export const near = (make: () => WorkerLike): Observable<HostTensor> => of(1).pipe(light<number, HostTensor>(make));
export const stranger: Promise<tf.GraphModel> = tf.loadGraphModel('model.json');
export const busy = (device: FakeDevice): boolean => device.busyFor > 0;
export const held: Promise<void> = deviceMarbles({ duration: 1 }, ({ cold, expectTensors }) => {
  expectTensors(cold('a|', { a: 1 }).pipe(mapTensor((n) => x.mul(n)))).toBe('a|', { a: [1, 2, 3] });
});
`;

const compiler = resolve('node_modules/typescript/bin/tsc');

describe('the package, installed from its tarball, for TypeScript', () => {
  let project: string;

  beforeAll(async () => {
    project = await installedPackage();
  });

  it('has types for bundlers and for Node', async () => {
    await writeFile(join(project, 'types.ts'), types);
    const options = '--noEmit --strict --target es2022 --lib es2022,dom';
    for (const resolution of ['esnext --moduleResolution bundler', 'nodenext']) {
      const args = [...options.split(' '), '--module', ...resolution.split(' '), 'types.ts'];
      expect(command(project, process.execPath, compiler, ...args)).toBe('');
    }
  });

  it('has types for a CommonJS program, to which `require` of Node 20.19 gives the ES modules', async () => {
    // NATS is a peer that is not installed here.
    const names = entries.map(({ name }) => name).filter((name) => name !== 'index' && name !== 'nats');
    const lines = [
      `import dl = require('rxtensor');`,
      `import type { Tensor1D } from 'rxtensor/tensor';`,
      ...names.map((name, i) => `import entry${i} = require('rxtensor/${name}');`),
      `const x: Tensor1D = dl.tensor1d([1, 2, 3]);`,
      `const values: Float32Array | Int32Array | Uint8Array = x.square().dataSync();`,
      // The backend's entry registers it, and exports nothing.
      `const all: readonly object[] = [${names.map((name, i) => (name === 'webgpu' ? `{ ...entry${i}, name: '' }` : `entry${i}`)).join(', ')}];`,
      `console.log(JSON.stringify([Array.from(values), all.every((entry) => Object.keys(entry).length > 0)]));`,
      `export const later: Promise<typeof import('rxtensor/files')> = import('rxtensor/files');`,
    ];
    await writeFile(join(project, 'consumer.cts'), lines.join('\n'));
    const options = '--strict --esModuleInterop --target es2022 --lib es2022,dom --typeRoots none'.split(' ');
    for (const module of ['node16', 'nodenext']) {
      const args = [...options, '--module', module, '--outDir', 'compiled', 'consumer.cts'];
      expect(command(project, process.execPath, compiler, ...args))
        .withContext(module)
        .toBe('');
    }
    expect(JSON.parse(command(project, process.execPath, 'compiled/consumer.cjs'))).toEqual([
      [1, 4, 9],
      true,
    ]);
  });
});
