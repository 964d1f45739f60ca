import { loadSome, storeSome } from '../lanes';
import { Elu, LeakyRelu, Relu, Relu6, Sigmoid, Tanh } from './activation-gradient-rows';

@inline
function pullBack<Row>(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void {
  const row = changetype<Row>(0);
  const slope = f32x4.splat(alpha);
  const end = dx + (<usize>(length & -4) << 2);
  const toY = y - dx, toDy = dy - dx;
  while (dx < end) {
    v128.store(dx, row.of(v128.load(toDy + dx), v128.load(toY + dx), slope));
    dx += 16;
  }
  const rest = length & 3;
  if (rest) storeSome(dx, row.of(loadSome(toDy + dx, rest), loadSome(toY + dx, rest), slope), rest);
}

export function gradient_relu(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Relu>(dy, y, dx, length, alpha); }
export function gradient_relu6(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Relu6>(dy, y, dx, length, alpha); }
export function gradient_elu(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Elu>(dy, y, dx, length, alpha); }
export function gradient_leakyRelu(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<LeakyRelu>(dy, y, dx, length, alpha); }
export function gradient_sigmoid(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Sigmoid>(dy, y, dx, length, alpha); }
export function gradient_tanh(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Tanh>(dy, y, dx, length, alpha); }
