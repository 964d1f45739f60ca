import * as dl from 'rxtensor';
import { explain, recorded } from 'rxtensor/programs';
import { activeBackend } from '../../src/kernels/active-backend';
import { separableNetwork, SIZE } from '../webgl/network';
import { tensor } from '../library';
async function main() {
  await dl.setBackend('cpu');
  const lib = dl as any;
  const network = separableNetwork(lib);
  const program = recorded(network as any) as any;
  const image = tensor(lib, [1, SIZE, SIZE, 3], 5);
  for (let call = 0; call < 5; call++) dl.tidy(() => void program(image as never));
  const linear = (activeBackend() as any).linear;
  const al = linear.allocate.bind(linear);
  const list: any[] = [];
  const b0 = linear.usedBytes;
  linear.allocate = (b: number) => {
    const r = al(b);
    list.push([b, linear.usedBytes - b0]);
    return r;
  };
  dl.tidy(() => void program(image as never));
  console.log(JSON.stringify(list));
  console.log(
    explain(program)
      .split('\n')
      .slice(-44)
      .map((l) => l.slice(0, 150))
      .join('\n'),
  );
}
void main();
