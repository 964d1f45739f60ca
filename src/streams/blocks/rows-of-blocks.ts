import type { Observable } from 'rxjs';
import { operator } from '../operator';
import { runsOf, withBlocks, type BlockSource } from './block-source';
import type { Run } from './columns';

/** The output of an operator that works on blocks: an observable that emits one row at a time and also has a block form. */
export function rowsOfBlocks<T>(name: string, source: BlockSource): Observable<T> {
  const rows = operator<Run, T>(name, (output) => ({
    next: (run) => output.emit(() => source.rowOf(run) as T),
  }));
  return withBlocks(rows(runsOf(source, 1)), source);
}
