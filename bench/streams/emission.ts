import { identity, map, Subject, type OperatorFunction } from 'rxjs';
import * as dl from 'rxtensor';
import { microsecondsMore, type StreamCase } from './case';

/** Sends one tensor down a pipe that is subscribed to. */
function through(pipe: OperatorFunction<dl.Tensor, dl.Tensor>): () => void {
  const source = new Subject<dl.Tensor>();
  const value = dl.scalar(1);
  source.pipe(pipe).subscribe();
  return () => source.next(value);
}

/** What an emission costs: a scope and a level of the tape, opened and closed around a value. */
export const emission: StreamCase = {
  name: 'an emission through mapTensor(identity)',
  against: 'map(identity) of RxJS',
  asked: 'at most 2 µs more',
  figure: microsecondsMore(2),
  prepare: () => ({
    ours: through(dl.mapTensor(identity<dl.Tensor>)),
    theirs: through(map(identity<dl.Tensor>)),
  }),
};
