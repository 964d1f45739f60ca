import { distinctUntilChanged, fromEvent, map, shareReplay, startWith, type Observable } from 'rxjs';
import { element } from '../../page/page-element';
import { formatRate } from '../../page/numbers';

/** The learning rate: the slider's position is its decimal exponent. It starts with what the slider shows. */
export function rateOf(slider: HTMLInputElement): Observable<number> {
  return fromEvent(slider, 'input').pipe(
    startWith(undefined),
    map(() => Number((10 ** slider.valueAsNumber).toPrecision(2))),
    distinctUntilChanged(),
    shareReplay(1),
  );
}

/** Says beside the slider what it stands for. */
export function showRate(rate: number): void {
  const slider = element('rate', HTMLInputElement);
  const share = (slider.valueAsNumber - Number(slider.min)) / (Number(slider.max) - Number(slider.min));
  slider.style.setProperty('--share', String(share));
  slider.setAttribute('aria-valuetext', formatRate(rate));
  element('rate-value', HTMLOutputElement).value = formatRate(rate);
}
