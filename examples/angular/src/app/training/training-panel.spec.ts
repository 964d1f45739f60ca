import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { Subject, type Observable } from 'rxjs';
import { memory } from 'rxtensor';
import { learnCurve } from './learn-curve';
import type { Progress, StartTraining } from './progress';
import { TrainingPanel } from './training-panel';

async function panel(start: StartTraining): Promise<ComponentFixture<TrainingPanel>> {
  const fixture = TestBed.createComponent(TrainingPanel);
  fixture.componentRef.setInput('start', start);
  await fixture.whenStable();
  return fixture;
}

const textOf = ({ nativeElement }: ComponentFixture<unknown>, selector: string): string =>
  (nativeElement as HTMLElement).querySelector(selector)?.textContent.trim() ?? '';

describe('TrainingPanel', () => {
  it('shows each step, by `async` and by `toSignal`', async () => {
    const progress$ = new Subject<Progress>();
    const fixture = await panel(() => progress$);
    expect(textOf(fixture, '#loss')).toBe('–');
    progress$.next({ step: 1234, loss: 0.5, curve: [0, 1] });
    await fixture.whenStable();
    expect(textOf(fixture, '#step')).toBe('1,234');
    expect(textOf(fixture, '#loss')).toBe('0.50000');
    expect((fixture.nativeElement as HTMLElement).querySelector('path')?.getAttribute('d')).toBe(
      'M0.0,90.0L320.0,15.0',
    );
  });

  it('gives the slider to the training as an observable', async () => {
    const rates: number[] = [];
    const fixture = await panel((rate$): Observable<never> => {
      rate$.subscribe((rate) => rates.push(rate));
      return new Subject();
    });
    const slider = (fixture.nativeElement as HTMLElement).querySelector('input')!;
    slider.valueAsNumber = -1;
    slider.dispatchEvent(new Event('input'));
    await fixture.whenStable();
    expect(rates).toEqual([0.01, 0.1]);
    expect(textOf(fixture, '#rate-now')).toBe('0.1');
  });

  it('ends the training by its button and with itself, and begins again', async () => {
    const progress$ = new Subject<Progress>();
    const fixture = await panel(() => progress$);
    const button = (fixture.nativeElement as HTMLElement).querySelector('button')!;
    expect(progress$.observed).toBe(true);
    button.click();
    await fixture.whenStable();
    expect(progress$.observed).toBe(false);
    expect(textOf(fixture, 'button')).toBe('Train');
    button.click();
    await fixture.whenStable();
    expect(progress$.observed).toBe(true);
    fixture.destroy();
    expect(progress$.observed).toBe(false);
  });

  it('trains, and leaves no tensor when it is destroyed', async () => {
    const { numTensors } = memory();
    const fixture = await panel(learnCurve);
    await vi.waitFor(() => expect(Number(textOf(fixture, '#loss'))).toBeLessThan(0.1), { timeout: 20_000 });
    expect(memory().numTensors).toBeGreaterThan(numTensors);
    fixture.destroy();
    expect(memory().numTensors).toBe(numTensors);
  }, 30_000);
});
