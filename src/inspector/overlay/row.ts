import type { LanesOfRow } from '../lanes';
import type { Finding, Stage } from '../pipeline-frame';
import { bytesText, countText, durationText, rateText } from '../quantities';
import { notesOf, percentText, titleOf } from '../text';
import { html, setText } from './elements';
import { drawnLanes } from './graph';

/** A row of the overlay: a stage. */
export interface Row {
  readonly element: HTMLLIElement;
  readonly update: (view: RowView) => void;
  /** Opens the details and goes there. */
  readonly reveal: () => void;
}

/** What a row shows. */
export interface RowView {
  readonly stage: Stage;
  readonly lanes: LanesOfRow;
  readonly width: number;
  readonly time: number;
  readonly findings: readonly Finding[];
}

const SERIOUS = new Set<Finding['kind']>(['failed', 'stuck', 'leak']);

/** How bad findings are: for the colour. */
export function severityOf(findings: readonly Finding[]): 'bad' | 'warn' | 'good' {
  if (findings.some(({ kind }) => SERIOUS.has(kind))) return 'bad';
  return findings.length > 0 ? 'warn' : 'good';
}

let rows = 0;

export function makeRow(): Row {
  const graph = html('div', { class: 'graph' });
  const name = html('span', { class: 'name' });
  const rate = html('span', { class: 'rate' });
  const latency = html('span', { class: 'latency' });
  const load = html('span', { class: 'load' });
  const chips = html('span', { class: 'chips' });
  const id = `stage-${++rows}`;
  const details = html('dl', { class: 'details', id, hidden: '' });
  const button = html(
    'button',
    { type: 'button', class: 'stage', 'aria-expanded': 'false', 'aria-controls': id },
    name,
    rate,
    latency,
    html('span', { class: 'bar', 'aria-hidden': 'true' }, load),
    chips,
  );
  const element = html('li', {}, graph, html('div', { class: 'body' }, button, details));
  let drawing = '';
  let isOpen = false;
  const setOpen = (open: boolean): void => {
    isOpen = open;
    button.setAttribute('aria-expanded', String(open));
    details.hidden = !open;
  };
  button.addEventListener('click', () => setOpen(!isOpen));
  return {
    element,
    reveal: () => {
      setOpen(true);
      button.focus();
    },
    update: ({ stage, lanes, width, time, findings }) => {
      const now = JSON.stringify([lanes, width, stage.kind]);
      if (now !== drawing) graph.replaceChildren(drawnLanes(lanes, stage, width));
      graph.style.width = `${width}px`;
      drawing = now;
      element.dataset.kind = stage.kind;
      element.dataset.state = stage.state;
      element.dataset.severity = severityOf(findings);
      setText(name, titleOf(stage));
      setText(rate, stage.perSecond === null ? '' : rateText(stage.perSecond));
      setText(latency, stage.latency === null ? '' : durationText(stage.latency.median));
      const taken = Math.min(1, Math.max(stage.ownMs, stage.busyMs) / Math.max(time, 1));
      load.style.width = `${(100 * taken).toFixed(1)}%`;
      listTexts(chips, chipsOf(stage, time));
      if (isOpen || details.childElementCount === 0) describe(details, detailsOf(stage, time));
    },
  };
}

function chipsOf(stage: Stage, time: number): readonly string[] {
  const { held, left } = stage;
  return [
    ...notesOf({ ...stage, error: null }, time),
    ...(held.tensors > 0 ? [`holds ${bytesText(held.bytes)}`] : []),
    ...(left.tensors > 0 ? [`keeps ${bytesText(left.bytes)}`] : []),
  ];
}

function listTexts(list: Element, texts: readonly string[]): void {
  while (list.childElementCount > texts.length) list.lastElementChild!.remove();
  while (list.childElementCount < texts.length) list.append(html('span', { class: 'chip' }));
  for (const [i, text] of texts.entries()) setText(list.children[i]!, text);
}

function detailsOf(stage: Stage, time: number): readonly (readonly [string, string])[] {
  const { valuesIn, valuesOut, latency, ownMs, busyMs, held, left, dropped, holdsUp, error } = stage;
  const count = (number: number | null): string => (number === null ? '–' : countText(number));
  return [
    ...(error === null ? [] : [['failed with', error] as const]),
    ...(stage.kind === 'operator' ? [['values in', count(valuesIn)] as const] : []),
    ...(valuesOut === null ? [] : [['values out', count(valuesOut)] as const]),
    ...(latency
      ? [['latency', `${durationText(latency.median)}, at most ${durationText(latency.max)}`] as const]
      : []),
    ['own time', `${durationText(ownMs)} (${percentText(ownMs, time)})`],
    ['holding values up', `${durationText(busyMs)} (${percentText(busyMs, time)})`],
    ...(holdsUp ? [['since', `${durationText(holdsUp.forMs)}: ${holdsUp.reason}`] as const] : []),
    ...(held.tensors > 0
      ? [['holds', `${held.tensors} tensors of ${held.values} values, ${bytesText(held.bytes)}`] as const]
      : []),
    ...(left.tensors > 0 ? [['keeps', `${left.tensors} tensors, ${bytesText(left.bytes)}`] as const] : []),
    ...(dropped > 0 ? [['dropped', countText(dropped)] as const] : []),
    ...(stage.kind === 'source'
      ? [['waited', `${durationText(stage.waitedMs)} (${percentText(stage.waitedMs, time)})`] as const]
      : []),
    ['subscriptions', `${countText(stage.subscriptions)}, ${countText(stage.living)} running`],
  ];
}

function describe(list: HTMLDListElement, entries: readonly (readonly [string, string])[]): void {
  const shown = [...list.querySelectorAll('dt')].map(({ textContent }) => textContent).join();
  if (shown !== entries.map(([term]) => term).join())
    list.replaceChildren(...entries.flatMap(([term]) => [html('dt', {}, term), html('dd')]));
  for (const [i, value] of [...list.querySelectorAll('dd')].entries()) setText(value, entries[i]![1]);
}
