import type { BytesListener, ModelFiles } from '../model-files';
import type { Graph } from '../graph/graph';
import type { OpTable } from '../ops/row';

/** A file format of models. It is a value that programs import, so that what they do not use is not shipped. */
export interface ModelFormat {
  /** Its name, for error messages. */
  readonly name: string;
  /** The ops of its models, by the names that its graphs use. */
  readonly ops: OpTable;
  /** Reads a model. @throws (rejects) when the files are not in this format, or damaged */
  readonly read: (files: ModelFiles, operator: string, onBytes?: BytesListener) => Promise<Graph>;
}
