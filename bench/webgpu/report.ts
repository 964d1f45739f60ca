import { milliseconds } from '../milliseconds';
import type { CaseResult } from '../result';

function rows(results: readonly CaseResult[]): string {
  const cells = results
    .filter(({ ours }) => ours !== undefined)
    .map(({ name, peer, ours, theirs, ratio }) =>
      ratio === undefined
        ? `| ${name} ${peer} | ${milliseconds(ours!)} | – | – |`
        : `| ${name} | ${milliseconds(ours!)} | ${milliseconds(theirs!)} | ×${ratio.toFixed(2)} |`,
    );
  return ['| case | ours, ms | tfjs-webgpu, ms | ratio |', '| --- | --- | --- | --- |', ...cells].join('\n');
}

/** docs/benchmarks-webgpu.md. */
export function webgpuMarkdown(
  results: readonly CaseResult[],
  device: string,
  machine: string,
  rounds: number,
): string {
  const problems = results
    .filter(({ problem }) => problem !== undefined)
    .map(({ name, problem }) => `- ${name}: ${problem!.split('\n')[0]}`);
  const slower = results.filter(({ ratio = 1, ratioOfMinima = 1 }) => Math.max(ratio, ratioOfMinima) < 1);
  return `# Benchmarks of the WebGPU backend

Written by \`npm run bench -- --webgpu\` in Chromium. The device: **${device}**, on ${machine}. Ours and TensorFlow.js's WebGPU backend take turns
in one page, ${rounds} rounds, after their results were compared. A round is a stretch of runs that ends when a small result of its own has been read. Times are
medians of a run; the ratio is the median over the rounds of the peer's time by ours, so that above 1 ours is faster. A kernel that TensorFlow.js lacks is timed
alone, with the reason.

Nothing here was measured on another device than the one named. Where it is a software renderer, which computes on the processor, times say nothing of GPUs:
they rank kernels by arithmetic and by loads.

${rows(results)}

${slower.length === 0 ? `None of these ${results.length} cases is slower than the peer, in the median or in the fastest round. Cases that are not listed have not been measured.` : `Slower than the peer, in the median and in the fastest round: ${slower.map(({ name }) => name).join('; ')}.`}
${problems.length ? `\nCases without figures:\n\n${problems.join('\n')}\n` : ''}`;
}
