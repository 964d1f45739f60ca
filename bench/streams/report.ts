import { milliseconds } from '../milliseconds';
import { type Column } from '../report';
import type { StreamResult } from '.';

/** A line for the terminal. */
export function streamSummary({
  name,
  against,
  asked,
  found,
  isMet,
  ours,
  theirs,
  problem,
}: StreamResult): string {
  const title = `  ${name}\n    against ${against}: `;
  if (problem !== undefined) return title + problem.slice(0, 200);
  const verdict = isMet ? 'met' : 'missed';
  return `${title}${found} (${milliseconds(ours!)} and ${milliseconds(theirs!)} ms); asked: ${asked}: ${verdict}`;
}

function cell(result: StreamResult | undefined): string {
  if (!result || result.problem !== undefined) return '–';
  const { found, isMet, ours, theirs } = result;
  return `**${found}** (${milliseconds(ours!)} and ${milliseconds(theirs!)} ms)${isMet ? '' : ', missed'}`;
}

/** docs/benchmarks-streams.md: a row a case, a column a place. */
export function streamMarkdown(
  columns: readonly Column<StreamResult>[],
  machine: string,
  rounds: number,
): string {
  const rows = columns[0]!.results.map(({ name, against, asked }, i) => {
    const cells = columns.map(({ results }) => cell(results[i]));
    return `| ${name} | ${against} | ${asked} | ${cells.join(' | ')} |`;
  });
  const problems = columns.flatMap(({ title, results }) =>
    results
      .filter(({ problem }) => problem !== undefined)
      .map(({ name, problem }) => `- ${title}, ${name}: ${problem}`),
  );
  return `# What streams cost

See here what a stream costs beside a plain loop.

Written by \`npm run bench -- --streams\` on ${machine}, one thread. The two of a row take turns in one process or page, ${rounds} rounds;
a cell is the median of what the two times of each round give, so that other work on the machine disturbs both alike, and in parentheses
the median times of a run of ours and of theirs.

| ours | against | asked for | ${columns.map(({ title }) => title).join(' | ')} |
| --- | --- | --- | ${columns.map(() => '---').join(' | ')} |
${rows.join('\n')}
${problems.length ? `\nCases without figures:\n\n${problems.join('\n')}\n` : ''}`;
}
