import { milliseconds } from '../milliseconds';
import type { CaseResult } from '../result';

/** What is asked of the geometric mean over the models of a peer. */
const asked: Readonly<Record<string, string>> = {
  'tfjs-wasm': 'must 1.7, aim 2.0; no model below 0.95',
  'onnxruntime-web': 'must 1.3, aim 1.8',
};

/** The geometric mean. */
function meanOf(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** docs/benchmarks-models.md: a table for each peer. */
export function modelsMarkdown(results: readonly CaseResult[], machine: string, rounds: number): string {
  const tables = [...new Set(results.map(({ peer }) => peer))].map((peer) => {
    const rows = results.filter((result) => result.peer === peer);
    const ratios = rows.flatMap(({ ratio }) => ratio ?? []);
    const lines = rows.map(({ name, ours, theirs, ratio, problem }) =>
      problem === undefined
        ? `| ${name} | ${milliseconds(ours!)} | ${milliseconds(theirs!)} | **×${ratio!.toFixed(2)}** |`
        : `| ${name} | – | – | ${problem} |`,
    );
    return `## Beside ${peer}

Geometric mean of ${ratios.length} models: **×${meanOf(ratios).toFixed(2)}** (${asked[peer]!}); the slowest ×${Math.min(...ratios).toFixed(2)}.

| model | ours, ms | ${peer}, ms | times as fast |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
  });
  return `# Benchmarks: public models

Written by \`npm run bench -- --models\` on ${machine}, Node ${process.versions.node}, one thread. Both sides load the same file, run on the same
picture or sound, and their results are compared first. Then they take turns, ${rounds} rounds of pairs; a cell is the median of a run, the ratio the median of what each
pair gives.

${tables.join('\n')}`;
}
