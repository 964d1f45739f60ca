/** The programs whose sizes docs/sizes.md lists: a first line, and what each feature adds to it. */

export interface Program {
  /** What a reader of the table is told; Markdown. */
  readonly what: string;
  readonly code: string;
}

/** What a page begins with. Chained methods keep every op, so more ops add nothing. */
const firstLine = (entry: string): string =>
  `import { scalar } from '${entry}'; console.log(scalar(1).add(2));`;

/** Programs that use no feature. The last is what features add to. */
export const whole: readonly Program[] = [
  { what: '`scalar(1).add(2)` of `rxtensor/cpu`, without WebGL', code: firstLine('rxtensor/cpu') },
  { what: '`scalar(1).add(2)` of `rxtensor`', code: firstLine('rxtensor') },
  {
    what: 'training: `examples` → `batch` → `trainStep` → `download`',
    code: `import { examples, batch, trainStep, download, train } from 'rxtensor'; console.log(examples, batch, trainStep, download, train);`,
  },
  {
    what: 'a camera: `webcam` → `mapTensor` → `paint`',
    code: `import { webcam, mapTensor, paint } from 'rxtensor'; console.log(webcam, mapTensor, paint);`,
  },
  {
    what: 'a page that leaves its tensors to a worker: `inWorker` of `rxtensor/page`',
    code: `import { inWorker } from 'rxtensor/page'; console.log(inWorker);`,
  },
  {
    what: 'all of `rxtensor`',
    code: `import * as dl from 'rxtensor'; console.log(dl);`,
  },
];

/** A program that imports these names of an entry, beside all of the root. */
function feature(what: string, entry: string, ...names: readonly string[]): Program {
  const imported = names.length === 0 ? '* as feature' : `{ ${names.join(', ')} }`;
  const used = names.length === 0 ? 'feature' : names.join(', ');
  return {
    what,
    code: `import * as dl from 'rxtensor'; import ${imported} from '${entry}'; console.log(dl, ${used});`,
  };
}

/** Features that are entries of their own. */
export const features: readonly Program[] = [
  feature('`csv`', 'rxtensor/files', 'csv'),
  feature('all of `rxtensor/files`', 'rxtensor/files'),
  feature('`parquet`, without hyparquet', 'rxtensor/parquet', 'parquet'),
  feature(
    'preprocessing: `fit`, `transform`, `standardise`',
    'rxtensor/data',
    'fit',
    'transform',
    'standardise',
  ),
  feature('a metric: `measure(rocAuc())`', 'rxtensor/data', 'measure', 'rocAuc'),
  feature('all of `rxtensor/data`', 'rxtensor/data'),
  feature('`recorded`', 'rxtensor/programs', 'recorded'),
  feature('`loadGraphModel`, TensorFlow.js', 'rxtensor/models', 'loadGraphModel'),
  feature('`loadGraphModel`, ONNX too', 'rxtensor/models', 'loadGraphModel', 'onnx'),
  feature('`sequential`, `layers`', 'rxtensor/models', 'sequential', 'layers'),
  feature('all of `rxtensor/models`', 'rxtensor/models'),
  feature('all of `rxtensor/tfjs`', 'rxtensor/tfjs'),
  feature('`inWorker`, on the page', 'rxtensor/workers', 'inWorker'),
  feature('`indexedDBStore`', 'rxtensor/checkpoints', 'indexedDBStore'),
  feature('`customKernel`', 'rxtensor/custom-kernels', 'customKernel'),
  feature('`inspect`, with the overlay', 'rxtensor/inspector'),
  feature('`detector`, `track`', 'rxtensor/vision', 'detector', 'track'),
  feature('all of `rxtensor/vision`', 'rxtensor/vision'),
  feature('`rfft`', 'rxtensor/sound', 'rfft'),
  feature('all of `rxtensor/sound`', 'rxtensor/sound'),
  feature('all of `rxtensor/ops`', 'rxtensor/ops'),
  feature('the backend of `rxtensor/webgpu`', 'rxtensor/webgpu'),
  feature('`remoteModel`, without the clients of NATS', 'rxtensor/nats', 'remoteModel'),
  feature('all of `rxtensor/nats`, without its clients', 'rxtensor/nats'),
];
