import { isObservable, type Observable } from 'rxjs';
import { wrongGiven } from '../../streams/checks/arguments';
import { assertOptions } from '../../tensor/options';
import type { Inspection } from '../inspect';
import type { PipelineFrame } from '../pipeline-frame';
import { messageOf } from '../quantities';
import { makePanel } from './panel';
import { stylesheet } from './styles';

/** How {@link inspectorOverlay} looks, and where it is. */
export interface OverlayOptions {
  /** Its heading; "Pipeline" when left out. */
  readonly title?: string;
  /** Whether its content is shown at first; true when left out. A click on the heading shows and hides it. */
  readonly isOpen?: boolean;
  /** The element that it is put into, as a part of the page. When left out, it lies above the page, in a corner, on a phone at the bottom. */
  readonly parent?: Element;
  /** Its colours: those that the reader's system prefers ('auto', when left out), or always light or dark ones. */
  readonly theme?: 'auto' | 'light' | 'dark';
}

/** An overlay on a page. */
export interface Overlay {
  /** The element that was added to the page. Its content is in a shadow root, so that styles of the page do not reach it. */
  readonly element: HTMLElement;
  /** Changes the colours. */
  readonly setTheme: (theme: 'auto' | 'light' | 'dark') => void;
  /** Removes it. An inspection that it was given goes on. */
  readonly close: () => void;
}

/**
 * Shows an inspection on a page: the graph of the pipeline with what happens in each stage, and what is wrong.
 *
 * @param source what {@link inspect} gave, or its frames from elsewhere, such as a server
 * @throws when `source` is neither, or an option is wrong
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { inspect, inspectorOverlay } from 'rxtensor/inspector';
 * const frames = dl.examples([1, 2, 3]).pipe(dl.mapTensor((x) => dl.scalar(x)), dl.download());
 * const inspection = inspect(frames);
 * const overlay = inspectorOverlay(inspection);
 * frames.subscribe({
 *   complete: () => {
 *     console.log(overlay.element.shadowRoot?.textContent);
 *     overlay.close();
 *     inspection.end();
 *   },
 * });
 * ```
 */
export function inspectorOverlay(
  source: Pick<Inspection, 'frames'> | Observable<PipelineFrame>,
  options: OverlayOptions = {},
): Overlay {
  const name = 'inspectorOverlay';
  const frames = framesOf(name, source);
  assertOptions<OverlayOptions>(name, options, { title: 1, isOpen: 1, parent: 1, theme: 1 });
  const { title = 'Pipeline', isOpen = true, parent, theme = 'auto' } = options;
  if (parent !== undefined && !(parent instanceof Element))
    throw wrongGiven(name, "option 'parent'", parent, 'an element');
  assertTheme(name, theme);
  const element = document.createElement('div');
  element.className = 'rxtensor-inspector';
  element.dataset.placement = parent ? 'part' : 'above';
  element.dataset.theme = theme;
  const root = element.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [stylesheet()];
  const panel = makePanel(title, isOpen);
  root.append(panel.element);
  (parent ?? document.body).append(element);
  const subscription = frames.subscribe({
    next: panel.show,
    error: (error: unknown) => panel.end(messageOf(error)),
    complete: () => panel.end('ended'),
  });
  return {
    element,
    setTheme: (chosen) => {
      assertTheme('setTheme', chosen);
      element.dataset.theme = chosen;
    },
    close: () => {
      subscription.unsubscribe();
      element.remove();
    },
  };
}

function framesOf(name: string, source: unknown): Observable<PipelineFrame> {
  if (isObservable(source)) return source as Observable<PipelineFrame>;
  const { frames } = (source ?? {}) as Partial<Inspection>;
  if (typeof frames === 'function') return frames();
  throw wrongGiven(name, "argument 'source'", source, 'what inspect() gave, or an observable of its frames');
}

function assertTheme(name: string, theme: unknown): void {
  if (theme !== 'auto' && theme !== 'light' && theme !== 'dark')
    throw wrongGiven(name, "option 'theme'", theme, "'auto', 'light' or 'dark'");
}
