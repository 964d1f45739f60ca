import { Component } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { memory } from 'rxtensor/tensor';
import { map, timer } from 'rxjs';

const EVERY_MS = 200;

/** How many tensors there are. It stands below each page, so that a reader sees that a page which was left has left nothing. */
@Component({
  selector: 'app-memory-meter',
  template: `<p>
    Tensors on this page: <output id="tensors">{{ tensors() }}</output>
  </p>`,
})
export class MemoryMeter {
  protected readonly tensors = toSignal(timer(0, EVERY_MS).pipe(map(() => memory().numTensors)), {
    initialValue: 0,
  });
}
