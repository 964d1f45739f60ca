import * as dl from 'rxtensor';
import { explain, recorded } from 'rxtensor/programs';
import { training } from './training';
import { fresh, replayed } from './contestants';
(window as any).runBenchmarks = async ({ only }: any) => {
  await dl.setBackend('webgl');
  const { prototype } = WebGL2RenderingContext; const draw = prototype.drawArrays; let draws = 0;
  prototype.drawArrays = function (...args) { draws++; draw.apply(this, args); };
  for (const c of training.filter(({ name }) => name.includes(only))) {
    const w = fresh(c as any); const r = replayed(w);
    for (let i = 0; i < 4; i++) dl.tidy(() => { w.f(...w.args); });
    for (let i = 0; i < 4; i++) dl.tidy(() => { r.f(...w.args); });
    draws = 0; dl.tidy(() => { w.f(...w.args); }); const a = draws; draws = 0; dl.tidy(() => { r.f(...w.args); });
    (window as any).reportResult({ name: c.name, eager: a, recorded: draws, text: explain(r.f as any) });
    const fin = () => dl.tidy(() => void dl.neg(dl.tensor1d([1])).dataSync());
    const prof = await dl.profile(() => dl.tidy(() => { w.f(...w.args); })); 
    (window as any).reportResult({ text: JSON.stringify((prof as any).kernels?.map((k: any) => [k.name ?? k.kernel, k.wallMs ?? k.kernelTimeMs, k.outputShapes])) });
  }
};
