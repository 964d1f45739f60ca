import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { tensor } from '../library';
async function main() {
  await dl.setBackend('cpu');
  const x = tensor(dl as any, [1000, 1000], 3, 4);
  const med = (f: () => void) => {
    for (let i = 0; i < 8; i++) f();
    const t = Array.from({ length: 15 }, () => {
      const s = performance.now();
      f();
      return performance.now() - s;
    }).sort((a, b) => a - b);
    return t[3]!.toFixed(3);
  };
  const fs: Record<string, (x: any) => any> = {
    neg: dl.neg,
    elu: dl.elu,
    tanh: dl.tanh,
    ceil: dl.ceil,
    leaky: (x) => dl.leakyRelu(x, 0.2),
    sigmoid: dl.sigmoid,
    'elu,neg': (x) => dl.neg(dl.elu(x)),
    'tanh,neg': (x) => dl.neg(dl.tanh(x)),
    'ceil,neg': (x) => dl.neg(dl.ceil(x)),
    'leaky,neg': (x) => dl.neg(dl.leakyRelu(x, 0.2)),
    'sigmoid,neg': (x) => dl.neg(dl.sigmoid(x)),
    'clip,leaky,ceil,square,min': (x) =>
      dl.minimum(dl.square(dl.ceil(dl.leakyRelu(dl.clipByValue(x, -1, 1), 0.2))), x),
    'clip,leaky,elu,ceil,square,min': (x) =>
      dl.minimum(dl.square(dl.ceil(dl.elu(dl.leakyRelu(dl.clipByValue(x, -1, 1), 0.2)))), x),
  };
  for (const [name, f] of Object.entries(fs)) {
    const r = recorded(f);
    console.log(
      name.padEnd(34),
      med(() => dl.tidy(() => void f(x))),
      med(() => dl.tidy(() => void r(x))),
    );
  }
}
void main();
