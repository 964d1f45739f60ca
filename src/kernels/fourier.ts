/**
 * A discrete Fourier transform along the last axis, of `rows` rows. Complex values have a last axis of two, [real, imaginary]. `length` is n, a product of
 * 2, 3, 4 and 5.
 *
 * - 'complex': [rows × n × 2] → [rows × n × 2]: y[k] = scale·Σ x[j]·exp(∓2πijk/n), with + for `inverse`
 * - 'toHalf': [rows × n] → [rows × (⌊n/2⌋ + 1) × 2]: the same of real values, for the frequencies up to n/2, each times its weight
 * - 'fromHalf': [rows × (⌊n/2⌋ + 1) × 2] → [rows × n]: y[j] = scale·Σ Re(weight·x[k]·exp(2πijk/n)) over these frequencies; the adjoint of 'toHalf'
 *
 * The weight is `middle` for the frequencies between 0 and n/2, and 1 for these two.
 */
export interface FourierAttributes {
  readonly kind: 'complex' | 'toHalf' | 'fromHalf';
  readonly rows: number;
  readonly length: number;
  readonly inverse: boolean;
  readonly scale: number;
  readonly middle: number;
}
