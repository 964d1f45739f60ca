/** docs/sizes.md, and the short table of the README. */
import type { Size } from './measure';
import { features, whole, type Program } from './programs';

export interface Sizes {
  readonly whole: readonly Size[];
  readonly features: readonly Size[];
}

export async function measureSizes(sizeOf: (program: Program) => Promise<Size>): Promise<Sizes> {
  return {
    whole: await Promise.all(whole.map(sizeOf)),
    features: await Promise.all(features.map(sizeOf)),
  };
}

const MARKERS = /(<!-- sizes -->\n)[\s\S]*?(<!-- \/sizes -->)/;

const kilobytes = (bytes: number): string => (bytes < 50 ? '–' : (bytes / 1000).toFixed(1));
const row = (what: string, size: Size): string =>
  `| ${what} | ${kilobytes(size.script)} | ${kilobytes(size.webAssembly)} |`;
const wholeRows = (sizes: Sizes): string[] => whole.map(({ what }, i) => row(what, sizes.whole[i]!));

/** All of the root is what the features add to. */
const rootOf = ({ whole: sizes }: Sizes): Size => sizes.at(-1)!;

function featureRow({ what }: Program, size: Size, root: Size): string {
  return `| ${what} | ${kilobytes(size.script - root.script)} | ${kilobytes(size.later - root.later)} |`;
}

export function readmeWith(readme: string, sizes: Sizes): string {
  const table = [
    '| program | JavaScript, KB | WebAssembly, KB |',
    '| --- | ---: | ---: |',
    ...wholeRows(sizes),
  ];
  return readme.replace(MARKERS, `$1${table.join('\n')}\n$2`);
}

export function pageOf(sizes: Sizes): string {
  const root = rootOf(sizes);
  return `# What it weighs

See here what each part of rxtensor adds to a page, so that you can choose what to import. Written by \`npm run docs:sizes\`: each program is bundled by esbuild from the published files, minified, and compressed with gzip. KB are 1,000 bytes. RxJS and
optional peers are not counted. Do not edit it.

## A page

The WebAssembly is inlined in the script. Every op is in the first line: ops are methods of tensors, so a bundler cannot drop them, and more ops add nothing. A page of
\`rxtensor\` chooses its backend as it runs, and so has both. \`rxtensor/cpu\` is \`rxtensor\` without WebGL: for small models, and pages that shall load fast.

| program | JavaScript, KB | WebAssembly, KB |
| --- | ---: | ---: |
${wholeRows(sizes).join('\n')}

## What each feature adds

Beside all of \`rxtensor\`. What is in the last column comes by \`import()\`, when a program needs it.

| feature | JavaScript, KB | later, KB |
| --- | ---: | ---: |
${features.map((program, i) => featureRow(program, sizes.features[i]!, root)).join('\n')}

\`npm run size\` holds every entry to a limit.
`;
}
