/*
 * A change of the sampling rate by polyphase filters. The samples and weights are float32, `taps` is a multiple of 16, and the rows of `weights` are the filters of the
 * phases. Result n is the sum of the samples from its place on, each times a weight of its phase.
 */
export function resample(
  samples: usize, weights: usize, taps: i32, phases: i32, step: i32, phase: i32, results: usize, count: i32,
): void {
  const row = <usize>taps << 2;
  for (const end = results + (<usize>count << 2); results < end; results += 4) {
    let weight = weights + <usize>phase * row;
    const last = weight + row;
    // Four sums: an addition need not wait for the one before.
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let x = samples; weight < last; x += 64) {
      a = f32x4.add(a, f32x4.mul(v128.load(x), v128.load(weight)));
      b = f32x4.add(b, f32x4.mul(v128.load(x, 16), v128.load(weight, 16)));
      c = f32x4.add(c, f32x4.mul(v128.load(x, 32), v128.load(weight, 32)));
      d = f32x4.add(d, f32x4.mul(v128.load(x, 48), v128.load(weight, 48)));
      weight += 64;
    }
    a = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    const sum = f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
    store<f32>(results, sum);
    phase += step;
    samples += <usize>(phase / phases) << 2;
    phase %= phases;
  }
}
