/**
 * A phase: on one axis of a strided convolution, the input positions with one remainder modulo the stride: first, first +
 * stride, … The same filter taps meet all of them: position number i of the phase is met through taps[t] by output
 * i + shifts[t]. So the input gradient of a phase is a convolution of stride 1 over the output gradient.
 */
export interface StridePhase {
  readonly first: number;
  /** Number of positions. */
  readonly count: number;
  /** Indices of the taps along the axis. */
  readonly taps: Int32Array;
  /** The shift for each tap: see above. */
  readonly shifts: Int32Array;
}

export interface StridePhases {
  readonly phases: readonly StridePhase[];
  /** How many positions before the start and behind the end of the output the phases read. */
  readonly before: number;
  readonly behind: number;
}

/**
 * @param extent positions of the input along the axis
 * @param outExtent positions of the output
 * @param padding positions of padding before the input
 */
export function stridePhases(
  extent: number,
  outExtent: number,
  stride: number,
  taps: number,
  dilation: number,
  padding: number,
): StridePhases {
  const phases: StridePhase[] = [];
  let before = 0;
  let behind = 0;
  for (let first = 0; first < Math.min(stride, extent); first++) {
    const count = Math.ceil((extent - first) / stride);
    const distance = (tap: number): number => first + padding - tap * dilation;
    const touching = Int32Array.from({ length: taps }, (_, tap) => tap).filter(
      (tap) => distance(tap) % stride === 0,
    );
    const shifts = touching.map((tap) => distance(tap) / stride);
    phases.push({ first, count, taps: touching, shifts });
    for (const shift of shifts) {
      before = Math.max(before, -shift);
      behind = Math.max(behind, count + shift - outExtent);
    }
  }
  return { phases, before, behind };
}
