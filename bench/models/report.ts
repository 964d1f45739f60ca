import { milliseconds } from '../milliseconds';
import type { Kind, ModelResult } from './case';

interface Table {
  /** What is asked of the geometric mean, and of single models. */
  readonly asked: string;
  readonly columns: string;
}

const fast = (peer: string): string => `ours, ms | ${peer}, ms | times as fast`;

const tables: Readonly<Record<Kind, (peer: string) => Table>> = {
  'a run': (peer) => ({
    asked:
      {
        'tfjs-wasm': 'must 1.7, aim 2.0; no model below 0.95',
        'onnxruntime-web': 'must 1.3, aim 1.8',
        'tfjs-webgl': 'must 1.5, aim 3',
      }[peer] ?? '',
    columns: fast(peer),
  }),
  'the first result': (peer) => ({
    asked: peer === 'tfjs-webgl' ? 'must 1.5' : 'nothing is asked',
    columns: fast(peer),
  }),
  'peak memory': (peer) => ({ asked: 'must 2', columns: `ours, MB | ${peer}, MB | times as little` }),
  'a call of a package': (peer) => ({ asked: 'nothing is asked', columns: fast(peer) }),
};

/** The geometric mean. */
function meanOf(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

function amount(kind: Kind, value: number): string {
  return kind === 'peak memory' ? (value / 2 ** 20).toFixed(0) : milliseconds(value);
}

/** A line for the console. */
export function modelSummary({ kind, name, peer, ours, theirs, ratio, problem }: ModelResult): string {
  const found = problem ?? `×${ratio!.toFixed(2)} (${amount(kind, ours!)} and ${amount(kind, theirs!)})`;
  return `${kind}, ${name}, beside ${peer}: ${found}`;
}

/** docs/benchmarks-models.md: a table for each kind and peer. */
export function modelsMarkdown(results: readonly ModelResult[], machine: string): string {
  const parts = [...new Set(results.map(({ kind, peer }) => `${kind} beside ${peer}`))];
  const texts = parts.map((part) => {
    const rows = results.filter(({ kind, peer }) => `${kind} beside ${peer}` === part);
    const [{ kind, peer }] = rows as [ModelResult];
    const { asked, columns } = tables[kind](peer);
    const ratios = rows.flatMap(({ ratio }) => ratio ?? []);
    const lines = rows.map(({ name, ours, theirs, ratio, problem }) =>
      problem === undefined
        ? `| ${name} | ${amount(kind, ours!)} | ${amount(kind, theirs!)} | **×${ratio!.toFixed(2)}** |`
        : `| ${name} | – | – | ${problem} |`,
    );
    const title = `${part[0]!.toUpperCase()}${part.slice(1)}`;
    return `## ${title}

Geometric mean of ${ratios.length}: **×${meanOf(ratios).toFixed(2)}** (${asked}); the least ×${Math.min(...ratios).toFixed(2)}.

| name | ${columns} |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
  });
  return `# Benchmarks: public models

See here how fast public models run, beside the runtimes that they come from.

Written by \`npm run bench -- --models\` on ${machine}, Node ${process.versions.node}, one thread. Both sides load the same file, run on the same
picture or sound, and their results are compared first. Then they take turns; a cell is the median of a run, the ratio the median of what each
pair gives. A first result goes from the files to its values: each side in a process or browser of its own, in which its library has been loaded. Peak memory is how
much such a process grows then. On WebGL the driver is SwiftShader, a program; a model for which the two take longer than two minutes there is left out.

${texts.join('\n')}`;
}
