/**
 * Reads Parquet files as observables of rows. It needs the package hyparquet.
 *
 * @module rxtensor/parquet
 * @experimental
 */
export type { CsvColumns, CsvRow, CsvType } from '../files/csv-columns';
export type { FileSource } from '../files/file';
export { parquet, type ParquetOptions } from './parquet';
