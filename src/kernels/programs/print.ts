import { BYTES_PER_ELEMENT } from '../dtype';
import { arenaOf } from './arena';
import { withChains } from './passes/chains';
import { fold } from './passes/fold';
import type { Operand, Program, Slot, Step } from './program';
import type { ChainOperand, Schedule, Task } from './schedule';

const bytesText = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 2 ** 20
      ? `${(bytes / 1024).toFixed(1)} KB`
      : `${(bytes / 2 ** 20).toFixed(1)} MB`;

function originText({ origin }: Slot): string {
  switch (origin.kind) {
    case 'argument':
      return `argument ${origin.position}`;
    case 'captured':
      return origin.fixed ? `captured ${origin.position}, never changes` : `captured ${origin.position}`;
    case 'constant':
      return `constant ${[...origin.values.subarray(0, 4)].join(', ')}${origin.values.length > 4 ? ', …' : ''}`;
    case 'step':
      return '';
  }
}

function operandText({ slot, shape, part }: ChainOperand): string {
  const text = `%${slot}[${shape.join(', ')}]`;
  return part ? `%${part.slot}[${part.shape.join(', ')}] in ${text} from ${part.offset}` : text;
}

const listText = (operands: readonly Operand[]): string => operands.map(operandText).join(', ');

function valueText(value: unknown): string {
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, own]) => `${name}: ${valueText(own)}`)
    .join(', ')}}`;
}

function stepText({ op, kernel, attributes, inputs, outputs, varying }: Step): string {
  const own = 'name' in attributes ? ` ${attributes.name}` : '';
  const others = Object.entries(attributes)
    .filter(([name]) => name !== 'name')
    .map(([name, value]) => ` ${name}=${valueText(value)}`)
    .join('');
  const varies = varying === undefined ? others : ` attributes vary (${varying})`;
  return `${listText(outputs)} = ${kernel}${own}(${listText(inputs)})${varies}${op === kernel ? '' : `  # ${op}`}`;
}

function taskLines(task: Task): string[] {
  switch (task.kernel) {
    case 'chain':
      return [
        `${listText(task.outputs)} = chain of ${task.parts.length} steps(${listText(task.inputs)})`,
        ...task.parts.map((part) => `    ${stepText(part)}`),
      ];
    case 'slopes':
      return [`${listText(task.outputs)} = slopes(${listText(task.inputs)}) epsilon=${task.epsilon}`];
    default:
      return [stepText(task)];
  }
}

const sumOf = (times: readonly number[]): number => times.reduce((sum, time) => sum + time, 0);
const millisecondsText = (time: number): string => `${time.toPrecision(3)} ms`;

/** The lines of a task, with its time and its part of the whole behind the first. */
function timedLines(task: Task, time: number, whole: number): string[] {
  const [first, ...others] = taskLines(task);
  const percent = whole > 0 ? ((time / whole) * 100).toFixed(1) : '0';
  return [`${millisecondsText(time)}, ${percent} %: ${first!}`, ...others];
}

/**
 * Describes a schedule to a person: what goes in, what is done once and in each run, what comes out, and the bytes.
 *
 * @param times the milliseconds that each task takes, if they have been measured
 */
export function printSchedule(schedule: Schedule, times?: readonly number[]): string {
  const { slots, once, tasks, results, updates } = schedule;
  const used = new Set([...once, ...tasks].flatMap(({ inputs }) => inputs.map(({ slot }) => slot)));
  for (const { slot } of results) used.add(slot);
  const given = slots.flatMap((slot, i) =>
    slot.origin.kind !== 'step' && used.has(i)
      ? [
          `  %${i}: ${slot.dtype} × ${slot.size}, ${bytesText(slot.size * BYTES_PER_ELEMENT)}, ${originText(slot)}`,
        ]
      : [],
  );
  const arena = arenaOf(schedule);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? [`${title}:`, ...lines.map((line) => `  ${line}`)] : [];
  return [
    ...(given.length > 0 ? ['in:', ...given] : []),
    ...section('once', once.map(stepText)),
    ...section(
      times ? `each run, ${millisecondsText(sumOf(times))}` : 'each run',
      tasks.flatMap((task, i) => (times ? timedLines(task, times[i]!, sumOf(times)) : taskLines(task))),
    ),
    ...section('out', results.map(operandText)),
    ...section(
      'new values',
      updates.map(({ captured, slot }) => `captured ${captured} = %${slot}`),
    ),
    `memory between steps: ${bytesText(arena.bytes)}, where each value alone would take ${bytesText(arena.unplannedBytes)}`,
  ].join('\n');
}

/** Describes a program to a person, with its elementwise steps in the chains that they could form. */
export function printProgram(program: Program): string {
  return printSchedule(withChains(fold(program), () => true));
}
