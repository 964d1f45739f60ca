/**
 * The greatest or the least of the rows that share an index: [values: rows × inner, int32 indices: rows, initial?: extent × inner] → [extent × inner]. Rows whose
 * index is outside [0, extent) do not count. A NaN gives NaN. With `initial`, its row counts too; without, an index that no row has gives `empty`.
 */
export interface SegmentExtremeAttributes {
  readonly name: 'max' | 'min';
  readonly extent: number;
  readonly inner: number;
  readonly empty: number;
}
