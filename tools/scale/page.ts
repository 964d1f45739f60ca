import { median, type ExchangeResult, type GainRound, type TrainingResult } from './measure';

/** Everything that docs/scale.md is written from. */
export interface Measurements {
  readonly machine: string;
  readonly exchanges: readonly ExchangeResult[];
  readonly speed: {
    readonly batch: number;
    readonly steps: number;
    readonly rounds: readonly GainRound[];
  };
  readonly recovery: { readonly member: number; readonly server: number };
  readonly local: {
    readonly every: number;
    readonly epochs: number;
    readonly together: TrainingResult;
    readonly alone: TrainingResult;
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---:')), ...rows.map(line)].join('\n');
}

const shown = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(2)} %`);

/** What the server sends in a second when it does nothing else, in MB: of the largest exchange. */
function serverRate(exchanges: readonly ExchangeResult[]): number {
  return Math.max(
    ...exchanges.map(
      ({ megabytes, outPerVector, milliseconds }) => (megabytes * outPerVector * 1000) / milliseconds,
    ),
  );
}

/** The page, from what was measured. */
export function scalePage({ machine, exchanges, speed, recovery, local }: Measurements): string {
  const rate = serverRate(exchanges);
  const { rounds } = speed;
  const middle = (value: (round: GainRound) => number): number => median(rounds.map(value));
  const gain = middle(({ one, two }) => one / two);
  const most = middle(({ one, apart }) => one / apart);
  const saving = local.together.received / local.alone.received;
  const onPaper = [2, 10, 100].flatMap((members) =>
    [0.1, 1, 10, 100].map((megabytes) => {
      const out = 2 * (members - 1) * megabytes;
      return [
        String(members),
        String(megabytes),
        shown(out),
        shown((1000 * out) / rate),
        shown((1000 * out) / rate / 50),
      ];
    }),
  );
  return `# How training over NATS grows

See what training by several processes gains here, what it costs as members and gradients grow, and what breaks first. \`npm run scale\` writes this page. Measured on ${machine}, where the server and all members share the processors.

A step of N members with G bytes of gradients makes the server send 2(N − 1)G bytes: each member sends the parts of its vector to their owners, (N − 1)G
together, and the sums of G bytes reach the N − 1 others. Two members send each other the whole vector instead, as many bytes in one way through the
server where the others take two.

## One exchange

${table(
  ['members', 'gradient (MB)', 'ms', 'the server sends (MB)', 'over 2(N − 1)G'],
  exchanges.map(({ members, megabytes, milliseconds, outPerVector }) => [
    String(members),
    String(megabytes),
    shown(milliseconds),
    shown(outPerVector * megabytes),
    (outPerVector / (2 * (members - 1))).toFixed(3),
  ]),
)}

The server sends at most ${shown(rate)} MB/s here: that is where it saturates. A step gains by more members while its computation takes longer than its exchange.

## A network on MNIST

The convolutional network of the examples, with batches of ${speed.batch} digits: ${shown(middle(({ one }) => one))} ms a step with one process,
${shown(middle(({ two }) => two))} ms with two: **${gain.toFixed(2)} times as fast**. Two processes with half of a batch each that exchange nothing take
${shown(middle(({ apart }) => apart))} ms, ${most.toFixed(2)} times as fast: more cannot be had on this machine at this time.

Each round runs the three one after another; a time is that of the step in the middle of ${speed.steps}, and a ratio is that of the round in the middle of
${rounds.length}. A step of two waits for the slower, and whatever else runs on the machine disturbs one of them.

${table(
  ['round', 'one', 'two', 'two that exchange nothing', 'gain'],
  rounds.map(({ one, apart, two }, i) => [
    String(i + 1),
    shown(one),
    shown(two),
    shown(apart),
    (one / two).toFixed(2),
  ]),
)}

When one of four members is killed, the longest step takes ${shown(recovery.member)} ms. When the server is killed and is back after 700 ms, it takes
${shown(recovery.server)} ms.

With \`localSteps: ${local.every}\`, two members that train this network read ${percent(local.alone.accuracy)} of the test digits after ${local.epochs} epochs, against
${percent(local.together.accuracy)} of members that exchange every step, and receive 1/${saving.toFixed(1)} of the bytes.

## On paper

By the bytes and the rate above, with one such server, and nothing else to wait for:

${table(['members', 'gradient (MB)', 'the server sends (MB)', 'ms a step', 'ms a step with localSteps: 50'], onPaper)}

What breaks first is the server's output, which grows with N. Its input is N times G too, half of that. Messages are few: a member sends at most as many
as there are buckets, of 1 MB or an N-th of the vector.

- **10 members**: one server carries small networks (0.1 to 1 MB). For larger ones, run a cluster of servers and spread the members over it: the sums, half of the output, cross
  a route once for each server and not once for each member.
- **100 members**: split the run by machines. Members of one machine connect to a leaf node of their own, so that what they send each other stays there. Give groups of
  about ten members a run each, and exchange between groups with \`localSteps\`, which divides the output by H.
- **Subjects** are split by run, kind and receiver already: \`rx.<run>.part.<owner>.<sender>\`. Buckets could be put on several servers by their number; the
  sums of one bucket depend on no other.
- **Views** and snapshots need JetStream, and hardly any of it: a view is written when a member comes or goes, a snapshot when one joins.
`;
}
