import { MultiBar } from 'cli-progress';
import type { StepReport } from './member-process';

/** Shows how far each member is. */
export interface ClusterDisplay {
  readonly show: (member: number, step: StepReport) => void;
  readonly close: () => void;
}

/** A line is printed for each tenth where there is no terminal. */
const LINES = 10;

/** A progress bar for each member, or a line now and then. */
export function clusterDisplay(members: number, steps: number, output: NodeJS.WriteStream): ClusterDisplay {
  if (!output.isTTY) {
    return {
      show: (member, { step, loss, members: present }) => {
        if (member === 0 && step % Math.ceil(steps / LINES) === 0)
          output.write(`step ${step} of ${steps}, ${present.length} members, loss ${loss.toFixed(4)}\n`);
      },
      close: () => undefined,
    };
  }
  const screen = new MultiBar({
    stream: output,
    format: '{name} {bar} {value} of {total} steps, {members} members, loss {loss}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  const bars = Array.from({ length: members }, (_, i) =>
    screen.create(steps, 0, { name: `member ${i + 1}`, members: '–', loss: '–' }),
  );
  return {
    show: (member, { step, loss, members: present }) =>
      bars[member]!.update(step, { members: present.length, loss: loss.toFixed(4) }),
    close: () => screen.stop(),
  };
}
