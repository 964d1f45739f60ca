import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { progressBar } from '../examples/mnist-terminal/progress-bar';
describe('the progress bar of the main job', () => {
    it('draws the bar and a plot, and leaves the terminal as it was', async () => {
        let written = '';
        const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
        terminal.pipe(new Writable({
            write: (chunk, _encoding, done) => {
                written += chunk.toString();
                done();
            },
        }));
        const bar = progressBar(terminal);
        const losses = Array.from({ length: 40 }, (_, step) => 2 / (step + 1));
        bar.show(losses, 80);
        await new Promise((done) => setTimeout(done, 300));
        bar.close();
        terminal.end();
        await once(terminal, 'close');
        expect(written).toMatch(/█+░+ 50 % of 80 steps, \d+\.\d steps\/s, \S+ left, loss 0\.\d{4}/);
        expect(written).toMatch(/\d┤.*━/);
        const hide = '\u001b[?25l';
        const show = '\u001b[?25h';
        expect(written).toContain(hide);
        expect(written.lastIndexOf(show)).toBeGreaterThan(written.lastIndexOf(hide));
    });
});
