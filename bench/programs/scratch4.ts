import * as dl from 'rxtensor';
import { figures } from './figures';
async function main() {
  await dl.setBackend('cpu');
  for (const f of figures) console.log(await f.measure());
}
void main();
