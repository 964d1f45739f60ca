import { lanesOf, type LanesOfRow } from './lanes';
import type { PipelineFrame, Stage } from './pipeline-frame';
import { bytesText, countText, durationText, rateText } from './quantities';

const HEADINGS = ['in', 'out', 'rate', 'latency', 'own time', 'holds', 'keeps'] as const;

/** Writes a frame as text, one line for each stage, with the graph drawn beside. */
export function textOf(frame: PipelineFrame): string {
  const { stages, findings, time, memory } = frame;
  const summary = `${durationText(time)} · ${memory.numTensors} tensors, ${bytesText(memory.numBytes)} in the program`;
  if (stages.length < 2) return `${summary}\nNothing has subscribed to it since the inspection began.\n`;
  const lanes = lanesOf(stages);
  const width = 2 * Math.max(...lanes.flatMap(({ lane, to, passing }) => [lane, ...to, ...passing])) + 1;
  const rows = stages.map((stage, i) => ({
    graph: drawn(lanes[i]!, stage).padEnd(width),
    joint: joint(lanes[i]!.lane, lanes[i]!.from, lanes[i]!.passing, '┘┴'),
    fork: joint(lanes[i]!.lane, lanes[i]!.to, lanes[i]!.passing, '┐┬'),
    name: titleOf(stage),
    cells: cellsOf(stage, time),
    notes: notesOf(stage, time).join(', '),
  }));
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const widths = HEADINGS.map((heading, i) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[i]!.length)),
  );
  const aligned = (cells: readonly string[]): string =>
    cells.map((each, i) => each.padStart(widths[i]!)).join('  ');
  const lines = rows.flatMap(({ graph, joint: above, fork, name, cells, notes }) => [
    ...(above ? [above] : []),
    `${graph} ${name.padEnd(nameWidth)}  ${aligned(cells)}${notes && `  ${notes}`}`,
    ...(fork ? [fork] : []),
  ]);
  const heading = `${' '.repeat(width + 1 + nameWidth)}  ${aligned(HEADINGS)}`;
  const found = findings.map(({ kind, text }) => `! ${kind}: ${text}`);
  return [summary, ...found, '', heading, ...lines, ''].map((line) => line.trimEnd()).join('\n');
}

const MARKS: Readonly<Record<Stage['kind'], string>> = {
  source: '◆',
  operator: '●',
  stock: '┊',
  subscriber: '■',
};

function drawn({ lane, passing }: LanesOfRow, { kind }: Stage): string {
  const columns = Math.max(lane, ...passing) + 1;
  return Array.from({ length: columns }, (_, i) =>
    i === lane ? MARKS[kind] : passing.includes(i) ? '│' : ' ',
  ).join(' ');
}

/** The line between rows in which a lane takes in others, or splits; empty when it does neither. */
function joint(lane: number, joined: readonly number[], passing: readonly number[], ends: string): string {
  const [end = '', middle = ''] = ends;
  const others = joined.filter((each) => each !== lane);
  if (others.length === 0) return '';
  const last = Math.max(...others);
  const columns = Math.max(last, ...passing) + 1;
  return Array.from({ length: columns }, (_, i) => {
    const across = i < last ? '─' : ' ';
    if (i === lane) return `├${across}`;
    if (others.includes(i)) return i === last ? `${end} ` : `${middle}${across}`;
    if (passing.includes(i)) return i > lane && i < last ? `┼${across}` : '│ ';
    return i > lane && i < last ? '──' : '  ';
  })
    .join('')
    .trimEnd();
}

/** The name of a stage, with how many of its subscriptions run, if that is not one. */
export function titleOf({ name, kind, living, subscriptions }: Stage): string {
  if (kind === 'subscriber' || kind === 'stock') return name;
  if (living > 1) return `${name} ×${living}`;
  return subscriptions > 1 ? `${name} (${countText(subscriptions)} times)` : name;
}

function cellsOf(stage: Stage, time: number): readonly string[] {
  const { valuesIn, valuesOut, perSecond, latency, ownMs, held, left } = stage;
  return [
    valuesIn === null ? '' : countText(valuesIn),
    valuesOut === null ? '' : countText(valuesOut),
    perSecond === null ? '' : rateText(perSecond),
    latency === null ? '' : durationText(latency.median),
    percentText(ownMs, time),
    held.tensors === 0 ? '' : bytesText(held.bytes),
    left.tensors === 0 ? '' : bytesText(left.bytes),
  ];
}

/** A share of the time, in percent. */
export function percentText(milliseconds: number, time: number): string {
  const percent = time > 0 ? (100 * milliseconds) / time : 0;
  return percent > 0 && percent < 1 ? '<1 %' : `${Math.min(100, Math.round(percent))} %`;
}

/** What there is to say of a stage besides its numbers. */
export function notesOf(stage: Stage, time: number): readonly string[] {
  const { state, waitedMs, waitingForMs, dropped, holdsUp, error } = stage;
  return [
    ...(state === 'running' || stage.kind === 'stock' || stage.kind === 'subscriber' ? [] : [STATES[state]]),
    ...(error === null ? [] : [error]),
    ...(waitedMs > 0.01 * time ? [`waited ${percentText(waitedMs, time)}`] : []),
    ...(waitingForMs !== null && waitingForMs > 1000 ? [`waits for ${durationText(waitingForMs)}`] : []),
    ...(dropped > 0 ? [`dropped ${countText(dropped)}`] : []),
    ...(holdsUp && holdsUp.forMs > 100
      ? [`holds up ${holdsUp.values} for ${durationText(holdsUp.forMs)}`]
      : []),
  ];
}

const STATES: Readonly<Record<Stage['state'], string>> = {
  running: 'runs',
  complete: 'complete',
  failed: 'failed',
  left: 'unsubscribed',
};
