import type { DataResult } from '.';

/** What is asked for. */
const TIMES_AS_FAST = 10;
const MOST_MEGABYTES = 250;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** docs/benchmarks-data.md */
export function dataMarkdown(
  { rows, megabytes, ours, theirs, problem }: DataResult,
  machine: string,
): string {
  const speed = (runs: DataResult['ours']): number => median(runs.map(({ rowsASecond }) => rowsASecond));
  const peak = (runs: DataResult['ours']): number =>
    Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes));
  const rounded = (value: number): string => Math.round(value).toLocaleString('en');
  const ratio = median(ours.map(({ rowsASecond }, i) => rowsASecond / theirs[i]!.rowsASecond));
  const verdict = (isMet: boolean): string => (isMet ? 'met' : 'missed');
  const line = (name: string, count: number, runs: DataResult['ours']): string =>
    `| ${name} | ${rounded(count)} | ${rounded(speed(runs))} | ${rounded(peak(runs))} |`;
  return `# Training from a file

See here how many rows of a file a training takes in a second, and in how much memory.

Written by \`npm run bench -- --data\` on ${machine}, Node ${process.versions.node}, one thread. A CSV file of ten columns (${rounded(megabytes)} MB for
${rounded(rows.ours)} rows) is read, standardised, shuffled through 10,000 rows, put in batches of 512, and trains a network 9-32-1 with Adam. The losses on a
small file that is not shuffled are compared first. Each run is a process of its own; the two take turns, ${ours.length} rounds, each first as often as the other. The
peer is given fewer rows and held against ours by rows a second.

| | rows | rows a second (median) | greatest memory of the process, MB |
| --- | --- | --- | --- |
${line('`csv` → `transform` → `shuffle` → `batch` → `trainStep`, recorded', rows.ours, ours)}
${line('`tf.data.csv` → `map` → `shuffle` → `batch` → `optimizer.minimize` (WebAssembly)', rows.theirs, theirs)}

- Rows a second, ours by theirs (median of the rounds): **×${ratio.toFixed(1)}**; asked: at least ×${TIMES_AS_FAST}: ${verdict(ratio >= TIMES_AS_FAST)}.
- Greatest memory of ours: **${rounded(peak(ours))} MB**; asked: below ${MOST_MEGABYTES} MB: ${verdict(peak(ours) < MOST_MEGABYTES)}.
${problem ? `\nThe two do not compute the same: ${problem}\n` : ''}`;
}
