import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
async function main() {
  await dl.setBackend('cpu');
  for (const n of [100, 300]) {
    const x = dl.tensor2d([1], [1, 1]),
      w = dl.tensor2d([0.5], [1, 1]);
    const program = recorded((a: dl.Tensor, b: dl.Tensor) => {
      let y = a;
      for (let i = 0; i < n; i++) y = dl.matMul(y as dl.Tensor2D, b as dl.Tensor2D);
      return y;
    });
    const run = () => {
      dl.tidy(() => void program(x, w));
    };
    for (let i = 0; i < 5000; i++) run();
    const RUNS = Number(process.argv[2] ?? 400);
    for (let k = 0; k < 5; k++) {
      (globalThis as any).gc();
      const b = process.memoryUsage().heapUsed;
      for (let i = 0; i < RUNS; i++) run();
      console.log(n, (process.memoryUsage().heapUsed - b) / RUNS);
    }
  }
}
void main();
