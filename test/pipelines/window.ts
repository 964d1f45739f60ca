/**
 * The live window: how many tensors the operators of a pipeline say they hold, from moment to moment. The plain interpreter keeps this
 * account for the tensors that its numbers stand for; the tensors of the real pipeline may never be more.
 */
import { defer, finalize, Observable, tap, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs';

export class LiveWindow {
  private now = 0;
  private most = 0;
  private gathered = 0;
  private mostGathered = 0;

  get peak(): number {
    return this.most;
  }

  /** How many of the tensors at most may be in one value that is emitted, all together. */
  get peakGathered(): number {
    return this.mostGathered;
  }

  gather(tensors: number): void {
    this.gathered += tensors;
    this.mostGathered = Math.max(this.mostGathered, this.gathered);
  }

  add(tensors: number): void {
    this.now += tensors;
    this.most = Math.max(this.most, this.now);
  }
}

/** An operator that may hold so many tensors for as long as it is subscribed to. */
export function holding<T>(window: LiveWindow, tensors: number): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      window.add(tensors);
      subscriber.add(() => window.add(-tensors));
      return source.subscribe(subscriber);
    });
}

/** An operator that holds what is inside of it: each value from when it goes in until it comes out. */
export function carrying<T, R>(
  window: LiveWindow,
  tensors: number,
  operator: OperatorFunction<T, R>,
): OperatorFunction<T, R> {
  return (source) =>
    defer(() => {
      let inside = 0;
      const change = (by: number): void => {
        inside += by;
        window.add(by * tensors);
      };
      return source.pipe(
        tap(() => change(1)),
        operator,
        tap(() => change(-1)),
        finalize(() => change(-inside)),
      );
    });
}

/** An operator that may hold whatever goes into it for as long as it is subscribed to. */
export function gathering<T, R>(
  window: LiveWindow,
  tensors: number,
  operator: OperatorFunction<T, R>,
): OperatorFunction<T, R> {
  return (source) =>
    defer(() => {
      let inside = 0;
      const change = (by: number): void => {
        inside += by;
        window.add(by * tensors);
        window.gather(by * tensors);
      };
      return source.pipe(
        tap(() => change(1)),
        operator,
        finalize(() => change(-inside)),
      );
    });
}
