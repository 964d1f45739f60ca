import { ESLint } from 'eslint';

/** What the lint rules on imports say of one line, were it in that file. */
async function complaints(filePath: string, line: string): Promise<string[]> {
  const eslint = new ESLint({
    // Rules that need types need a file on disk; these look at the text alone.
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports' || ruleId === 'no-restricted-syntax',
  });
  const [result] = await eslint.lintText(`${line}\n`, { filePath });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe('imports', () => {
  const forbidden = [
    ['src/kernels/cpu/wrong.ts', `import { add } from '../../tensor';`],
    ['src/kernels/cpu/wrong.ts', `import type { Tensor } from '../../tensor/tensor';`],
    ['src/kernels/cpu/wrong.ts', `export * from '../../streams/emission';`],
    ['src/kernels/cpu/wrong.ts', `export const late = import('../../tensor');`],
    ['src/kernels/cpu/wrong.ts', `import { map } from 'rxjs';`],
    ['src/tensor/wrong.ts', `import { batch } from '../streams';`],
    ['src/tensor/wrong.ts', `import { load } from '../models/load';`],
    ['src/tensor/wrong.ts', `import { map } from 'rxjs/operators';`],
    ['src/tensor/ops/wrong.ts', `import * as dl from 'rxtensor';`],
    ['src/tensor/ops/wrong.ts', `import { add } from '../../index';`],
    ['src/tensor/ops/wrong.ts', `import { leakGuard } from '../../testing';`],
    ['src/models/wrong.ts', `import { batch } from '../streams';`],
    ['src/streams/wrong.ts', `import { backend } from '../kernels';`],
    ['src/streams/operators/wrong.ts', `import { chart } from '../../../examples/chart';`],
    ['src/streams/wrong.ts', `import { fileStore } from '../node';`],
    ['src/streams/sources/wrong.ts', `import { serve } from '../../workers/serve';`],
    ['src/streams/sources/wrong.ts', `import type { FileSource } from '../../files/file';`],
    ['src/files/wrong.ts', `import { serve } from '../workers';`],
    ['src/streams/operators/wrong.ts', `import { measure } from '../../data';`],
    ['src/data/metrics/wrong.ts', `import { csv } from '../../files';`],
    ['src/workers/wrong.ts', `import { backend } from '../kernels';`],
    ['src/workers/wrong.ts', `import { fileStore } from '../node';`],
    ['src/node/wrong.ts', `import { backend } from '../kernels';`],
    ['src/streams/wrong.ts', `import { toNats } from '../nats';`],
    ['src/streams/wrong.ts', `import { headers } from '@nats-io/nats-core';`],
    ['src/files/wrong.ts', `import { parquetRead } from 'hyparquet';`],
    ['src/nats/wrong.ts', `import { backend } from '../kernels';`],
    ['src/testing/wrong.ts', `import { find } from '../../test/find';`],
    ['src/workers/wrong.ts', `import { inWorker } from '../page';`],
    ['src/page/wrong.ts', `import { backend } from '../kernels';`],
    ['src/index.ts', `export * from './workers';`],
    ['src/index.ts', `export { fileStore } from './node/file-store';`],
  ] as const;

  for (const [file, line] of forbidden) {
    it(`are refused: ${line} in ${file}`, async () => {
      expect(await complaints(file, line)).toHaveSize(1);
    });
  }

  const allowed = [
    ['src/kernels/cpu/right.ts', `import { backend } from '../backend';`],
    ['src/tensor/ops/right.ts', `import { run } from '../../kernels';`],
    ['src/models/right.ts', `import { add } from '../tensor';`],
    ['src/streams/operators/right.ts', `import { map } from 'rxjs';`],
    ['src/streams/operators/right.ts', `import { load } from '../../models';`],
    ['src/files/right.ts', `import { pulled } from '../streams/pulling/pull';`],
    ['src/streams/operators/right.ts', `import { rowsOf } from '../data/rows';`],
    ['src/data/metrics/right.ts', `import { operator } from '../../streams/operator';`],
    ['src/workers/right.ts', `import { Observable } from 'rxjs';`],
    ['src/workers/right.ts', `import { operator } from '../streams/operator';`],
    ['src/parquet/right.ts', `import { parquetRead } from 'hyparquet';`],
    ['src/parquet/right.ts', `import { quoted } from '../files/shown';`],
    ['src/nats/right.ts', `import { headers } from '@nats-io/nats-core';`],
    ['src/nats/carrying/right.ts', `import { operator } from '../../streams/operator';`],
    ['src/page/right.ts', `import { pageEnd } from '../workers/page-end';`],
    ['src/node/right.ts', `import type { CheckpointStore } from '../streams/checkpoints/store';`],
    ['src/testing/right.ts', `import { batch } from '../streams';`],
    ['src/index.ts', `export * from './streams';`],
    ['src/script.ts', `export * from './workers';`],
  ] as const;

  for (const [file, line] of allowed) {
    it(`run one way: ${line} in ${file}`, async () => {
      expect(await complaints(file, line)).toEqual([]);
    });
  }
});

describe('the door to the device', () => {
  const around = [
    'export const values = tensor.storage.backend.readSync(place, 1, "float32");',
    'backend.write(place, values);',
    'activeBackend().run(kernel, [], [], {});',
    'export const { backend, handle } = tensor.storage;',
    'export const place = tensor.storage.handle;',
    'export const place = backend.allocate(3, "float32");',
    'this.backend.free(place);',
  ];

  for (const line of around) {
    it(`is the only way: ${line}`, async () => {
      for (const file of [
        'src/tensor/wrong.ts',
        'src/tensor/optimizers/wrong.ts',
        'src/tensor/ops/wrong.ts',
      ]) {
        expect(await complaints(file, line)).not.toEqual([]);
      }
      expect(await complaints('src/tensor/device.ts', line)).toEqual([]);
    });
  }

  const beside = [
    'export const { name } = activeBackend();',
    'export const isHere = tensor.storage.backend === backend;',
    'await backend.mark();',
  ];

  for (const line of beside) {
    it(`need not be taken by: ${line}`, async () => {
      expect(await complaints('src/tensor/right.ts', line)).toEqual([]);
    });
  }
});
