import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { memory } from 'rxtensor';
import { App } from './app';
import { routes } from './app.routes';

describe('App', () => {
  it('has a page behind each link, and none of them leaves a tensor', async () => {
    TestBed.configureTestingModule({ providers: [provideRouter(routes)] });
    const fixture = TestBed.createComponent(App);
    const router = TestBed.inject(Router);
    const page = fixture.nativeElement as HTMLElement;
    const { numTensors } = memory();
    const headings: string[] = [];
    for (const address of ['/', '/curve', '/camera', '/nowhere']) {
      await router.navigateByUrl(address);
      await fixture.whenStable();
      headings.push(page.querySelector('h1')?.textContent ?? '');
    }
    expect(headings).toEqual([
      'Streams of tensors in components',
      'A curve',
      'A camera',
      'Streams of tensors in components',
    ]);
    expect(memory().numTensors).toBe(numTensors);
  });
});
