import type { Observable } from 'rxjs';
import { operator } from '../operator';
import { runsOf, withBlocks, type BlockSource } from './block-source';
import type { Run } from './columns';

/** What an operator makes of blocks, as an observable of rows, which it emits one by one; in blocks for operators of ours. */
export function rowsOfBlocks<T>(name: string, source: BlockSource): Observable<T> {
  const rows = operator<Run, T>(name, (output) => ({
    next: (run) => output.emit(() => source.rowOf(run) as T),
  }));
  return withBlocks(rows(runsOf(source, 1)), source);
}
