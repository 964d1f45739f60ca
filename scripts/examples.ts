// `npm run examples`: serves the example pages, with the options of vite. `npm run examples -- feed`: starts the service that learns from a feed,
// with its options, and says where its page is.
import { spawn } from 'node:child_process';

const [name, ...options] = process.argv.slice(2);
const command =
  name === 'feed'
    ? ['--import', 'tsx', 'examples/feed/main.ts', ...options]
    : ['node_modules/vite/bin/vite.js', 'examples', ...process.argv.slice(2)];
const child = spawn(process.execPath, command, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
