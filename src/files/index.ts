/**
 * Reads CSV, JSON lines and IDX files of any size, as observables of rows.
 *
 * @module rxtensor/files
 */
export { csv, type CsvOptions, type CsvSource } from './csv';
export type { CsvColumns, CsvRow, CsvType } from './csv-columns';
export type { FileSource } from './file';
export { fileBytes } from './file-bytes';
export { idx, loadIdx, type IdxExample, type IdxSource } from './idx';
export { parseIdx } from './idx-format';
export { jsonLines, type JsonLinesOptions } from './json-lines';
export type { TableFileOptions } from './table-file';
