import { Component, signal, viewChild, type ElementRef } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { catchError, EMPTY, of, startWith, switchMap, type Observable } from 'rxjs';
import { HEIGHT, watchMovement, WIDTH, type Sight } from './movement';

const NOTHING: Sight = { frames: 0, box: null };

/** A camera with a frame over what moves. The camera goes off when the page is left. */
@Component({
  selector: 'app-camera-page',
  templateUrl: './camera-page.html',
  styleUrl: './camera-page.css',
})
export default class CameraPage {
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly isOn = signal(false);
  protected readonly problem = signal('');

  private readonly screen = viewChild.required<ElementRef<HTMLCanvasElement>>('screen');

  protected readonly sight = toSignal(
    toObservable(this.isOn).pipe(switchMap((isOn) => (isOn ? this.#watch() : of(NOTHING)))),
    { initialValue: NOTHING },
  );

  #watch(): Observable<Sight> {
    this.problem.set('');
    return watchMovement(this.screen().nativeElement).pipe(
      startWith(NOTHING),
      catchError((error: Error) => {
        this.problem.set(error.message);
        this.isOn.set(false);
        return EMPTY;
      }),
    );
  }
}
