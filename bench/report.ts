import { cpus } from 'node:os';
import { milliseconds } from './milliseconds';
import type { NativeTimes } from './pytorch';
import type { CaseResult } from './result';

/** The results of one place, in the order of the cases. */
export interface Column<Result = CaseResult> {
  readonly title: string;
  readonly results: readonly Result[];
}

export function describeMachine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model ?? 'unknown processor'}`;
}

function verdict({ ratio, ratioOfMinima, must, aim, ours, limitMs }: CaseResult): string {
  if (limitMs !== undefined && ours! > limitMs) return 'below';
  const best = Math.max(ratio ?? 0, ratioOfMinima ?? 0);
  return best >= aim ? 'aim' : best >= must ? 'must' : 'below';
}

/** A line for the terminal. */
export function summary(result: CaseResult): string {
  const { name, peer, ours, theirs, ratio, ratioOfMinima, gigaflops, problem } = result;
  const title = `  ${name} | ${peer}`.padEnd(66);
  if (problem !== undefined) return `${title} ${problem.slice(0, 120)}`;
  const figures = `${milliseconds(ours!)} ms, peer ${milliseconds(theirs!)} ms`.padEnd(32);
  const speed = gigaflops ? `, ${gigaflops.toFixed(1)} GFLOP/s` : '';
  return `${title} ${figures} ×${ratio!.toFixed(2)} (minima ×${ratioOfMinima!.toFixed(2)}) ${verdict(result)}${speed}`;
}

function cell(result: CaseResult | undefined): string {
  if (!result || result.problem !== undefined) return '–';
  return `${milliseconds(result.ours!)} ms, **×${result.ratio!.toFixed(2)}** (${result.ratioOfMinima!.toFixed(2)})`;
}

/**
 * docs/benchmarks.md: a row a case, a column a place.
 *
 * @param native the times of PyTorch, a column more; null where this machine has none
 */
export function markdown(
  columns: readonly Column[],
  machine: string,
  rounds: number,
  native: NativeTimes | null = null,
): string {
  const titles = [...columns.map(({ title }) => title), ...(native ? ['PyTorch'] : [])];
  const nativeCell = (name: string): string => {
    const time = native?.get(name);
    return time === undefined ? '' : `${milliseconds(time)} ms`;
  };
  const rows = columns[0]!.results.map((result, i) => {
    const cells = columns.map(({ results }) => cell(results[i]));
    if (native) cells.push(nativeCell(result.name));
    return `| ${result.name} | ${result.peer} | ${result.must} | ${result.aim} | ${cells.join(' | ')} |`;
  });
  const problems = columns.flatMap(({ title, results }) =>
    results
      .filter(({ problem }) => problem !== undefined)
      .map(({ name, peer, problem }) => `- ${title}, ${name} against ${peer}: ${problem}`),
  );
  return `# Benchmarks

See here how long common ops and trainings take, beside other libraries.

Written by \`npm run bench\` on ${machine}, one thread. Ours and the peer take turns in one process or page, one warm-up
and ${rounds} counted runs each, and their results were compared first. A cell is the median time of a run of ours, the
peer's time by ours, and in parentheses the same of the fastest runs, which other work on the machine disturbs least.
*Must* and *aim* are the ratios asked for.${native ? ' PyTorch is the native one, on one thread, alone: the honest measure.' : ''}

| case | peer | must | aim | ${titles.join(' | ')} |
| --- | --- | --- | --- | ${titles.map(() => '---').join(' | ')} |
${rows.join('\n')}
${problems.length ? `\nCases without figures:\n\n${problems.join('\n')}\n` : ''}`;
}
