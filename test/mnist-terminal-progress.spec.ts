import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { progressBar } from '../examples/mnist-terminal/progress-bar';
import { until } from './support/marbles';

describe('the progress bar of the main job', () => {
  it('draws the bar and a plot, and leaves the terminal as it was', async () => {
    let written = '';
    const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    terminal.pipe(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          written += chunk.toString();
          done();
        },
      }),
    );
    const bar = progressBar(terminal as unknown as NodeJS.WriteStream);
    const losses = Array.from({ length: 40 }, (_, step) => 2 / (step + 1));
    bar.show({
      value: losses[39]!,
      step: 40,
      steps: 80,
      epoch: 1,
      fraction: 0.5,
      perSecond: 12.34,
      secondsLeft: 3.3,
      meanLoss: 0.25,
      losses,
    });
    const bars = /█+░+ 50 % of 80 steps, 12\.3 steps\/s, 3 s left, loss 0\.2500/;
    const plot = /\d┤.*━/;
    await until(() => bars.test(written) && plot.test(written));
    bar.close();
    terminal.end();
    await once(terminal, 'close');
    const hide = '\u001b[?25l';
    const show = '\u001b[?25h';
    expect(written).toContain(hide);
    expect(written.lastIndexOf(show)).toBeGreaterThan(written.lastIndexOf(hide));
  });
});
