import { milliseconds } from '../milliseconds';
import { MOST_POWER, type ScaleResult } from './case';

function costs({ points }: ScaleResult): string {
  return points.map(({ size, ms }) => `${size.toLocaleString('en')}: ${milliseconds(ms)} ms`).join(' · ');
}

/** A line for the terminal. */
export function scaleSummary(result: ScaleResult): string {
  const { name, unit, power } = result;
  return `  ${name} (${unit}): ${costs(result)}; n^${power.toFixed(2)}${power > MOST_POWER ? ', grows too fast' : ''}`;
}

/** docs/benchmarks-scale.md: a row a case. */
export function scaleMarkdown(results: readonly ScaleResult[], machine: string, rounds: number): string {
  const rows = results.map((each) => {
    const power = `${each.power.toFixed(2)}${each.power > MOST_POWER ? ', **grows too fast**' : ''}`;
    return `| ${each.name} | ${each.unit} | ${costs(each)} | ${power} |`;
  });
  return `# Cost against size

See here how costs grow with the size of data, pipelines and models.

Written by \`npm run bench -- --scale\` in Node on ${machine}, one thread. A cell is the least time of ${rounds} runs, each made ready anew.
The power is that of the size with which the cost grows, fitted to all sizes (least squares of logarithms): 1 is linear, n log n
is some 1.15 here, the square 2. Nothing may grow faster than n log n; above ${MOST_POWER}, where caches and the collector have had their share,
a row counts as such.

| what | of how many | milliseconds | power |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
