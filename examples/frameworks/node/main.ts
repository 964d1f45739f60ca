// Starts the service: npx tsx examples/frameworks/node/main.ts [PORT]
import { startService } from './service';

const { address, stop } = await startService(Number(process.argv[2] ?? 8080));
console.log(address);
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
