import { AsyncPipe, DecimalPipe } from '@angular/common';
import { afterNextRender, Component, computed, input, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { EMPTY, map, share, switchMap, tap } from 'rxjs';
import { CurvePlot } from './curve-plot';
import type { StartTraining } from './progress';

/**
 * Trains while it is on the page, and shows how far it is. Leaving the page ends it: `async` and `toSignal` unsubscribe, and the training
 * frees what it had.
 */
@Component({
  selector: 'app-training-panel',
  imports: [AsyncPipe, CurvePlot, DecimalPipe],
  templateUrl: './training-panel.html',
  styleUrl: './training-panel.css',
})
export class TrainingPanel {
  readonly start = input.required<StartTraining>();

  /** The slider's position: the learning rate is 10 to this power. */
  protected readonly exponent = signal(-2);
  protected readonly rate = computed(() => 10 ** this.exponent());
  protected readonly isRunning = signal(false);

  readonly #rate$ = toObservable(this.rate);
  readonly #progress$ = toObservable(this.isRunning).pipe(
    switchMap((isRunning) =>
      isRunning ? this.start()(this.#rate$).pipe(tap({ complete: () => this.isRunning.set(false) })) : EMPTY,
    ),
    share(),
  );
  protected readonly progress = toSignal(this.#progress$);
  protected readonly loss$ = this.#progress$.pipe(map(({ loss }) => loss));

  constructor() {
    // Never on the server: what a server renders, it renders once, and nothing comes after that.
    afterNextRender(() => this.isRunning.set(true));
  }

  protected slide(event: Event): void {
    this.exponent.set((event.target as HTMLInputElement).valueAsNumber);
  }
}
