/**
 * `rxtensor/parquet`: reads Parquet files as streams. `hyparquet` is an optional peer.
 *
 * @packageDocumentation
 * @experimental
 */
export type { CsvColumns, CsvRow, CsvType } from '../files/csv-columns';
export type { FileSource } from '../files/file';
export { parquet, type ParquetOptions } from './parquet';
