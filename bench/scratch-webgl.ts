import { runInChromium } from './chromium';
await runInChromium({ rounds: 1, only: process.argv[2]!, backend: 'webgl' } as any, (r: any) => console.log(r.name, r.eager, r.recorded, '\n' + r.text), { entry: 'programs/scratch-page.ts' });
