import { lanesOf } from '../lanes';
import type { Finding, PipelineFrame } from '../pipeline-frame';
import { bytesText, durationText } from '../quantities';
import { html, setText, svg } from './elements';
import { graphWidth } from './graph';
import { makeRow, severityOf, type Row } from './row';

/** The inside of the overlay. */
export interface Panel {
  readonly element: HTMLElement;
  readonly show: (frame: PipelineFrame) => void;
  /** Says that no more frames come. */
  readonly end: (text: string) => void;
}

/** The frames that the line of memory remembers. */
const REMEMBERED = 80;

export function makePanel(title: string, isOpen: boolean): Panel {
  const state = html('span', { class: 'state' }, 'waiting');
  const body = html('div', { class: 'content', id: 'content' });
  const toggle = html(
    'button',
    { type: 'button', class: 'toggle', 'aria-controls': 'content' },
    logo(),
    html('span', { class: 'title' }, title),
    state,
    chevron(),
  );
  const setOpen = (open: boolean): void => {
    toggle.setAttribute('aria-expanded', String(open));
    body.hidden = !open;
  };
  setOpen(isOpen);
  toggle.addEventListener('click', () => setOpen(body.hidden === true));
  const found = html('ul', { class: 'findings' });
  const announcement = html('p', { class: 'unseen', 'aria-live': 'polite' });
  const stages = html('ol', { class: 'stages' });
  const empty = html('p', { class: 'empty' }, 'Nothing has subscribed yet.');
  const time = html('span');
  const tensors = html('span');
  const line = svg('polyline', { points: '' });
  const memory = svg(
    'svg',
    { class: 'memory', viewBox: '0 0 80 16', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    line,
  );
  body.append(found, empty, stages, html('footer', {}, time, memory, tensors));
  const element = html('section', { class: 'panel', 'aria-label': title }, toggle, body, announcement);

  const rows = new Map<number, Row>();
  const bytes: number[] = [];
  let announced = new Set<string>();

  const showFindings = (findings: readonly Finding[]): void => {
    while (found.childElementCount > findings.length) found.lastElementChild!.remove();
    while (found.childElementCount < findings.length) {
      const button = html('button', { type: 'button' });
      button.addEventListener('click', () => rows.get(Number(button.dataset.stage))?.reveal());
      found.append(html('li', {}, button));
    }
    for (const [i, finding] of findings.entries()) {
      const button = found.children[i]!.firstElementChild as HTMLButtonElement;
      button.dataset.stage = String(finding.stage);
      button.dataset.severity = severityOf([finding]);
      setText(button, finding.text);
    }
    // Only what is new is read out: the numbers in a finding change all the time.
    const keys = new Set(findings.map(({ kind, stage }) => `${kind} ${stage}`));
    const news = findings.filter(({ kind, stage }) => !announced.has(`${kind} ${stage}`));
    if (news.length > 0) setText(announcement, news.map(({ text }) => text).join('. '));
    announced = keys;
  };

  const showStages = (frame: PipelineFrame): void => {
    const lanes = lanesOf(frame.stages);
    const width = graphWidth(lanes);
    const ids = new Set(frame.stages.map(({ id }) => id));
    for (const [id, row] of rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      rows.delete(id);
    }
    for (const [i, stage] of frame.stages.entries()) {
      const row = rows.get(stage.id) ?? makeRow();
      rows.set(stage.id, row);
      if (stages.children[i] !== row.element) stages.insertBefore(row.element, stages.children[i] ?? null);
      const findings = frame.findings.filter((each) => each.stage === stage.id);
      row.update({ stage, lanes: lanes[i]!, width, time: frame.time, findings });
    }
  };

  return {
    element,
    show: (frame) => {
      const { findings, memory: now } = frame;
      const isEmpty = frame.stages.length < 2;
      const severity = severityOf(findings);
      element.dataset.severity = severity;
      const problems = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
      setText(state, isEmpty ? 'waiting' : severity === 'good' ? 'runs well' : problems);
      empty.hidden = !isEmpty;
      showFindings(findings);
      showStages({ ...frame, stages: isEmpty ? [] : frame.stages });
      setText(time, durationText(frame.time));
      setText(tensors, `${now.numTensors} tensors, ${bytesText(now.numBytes)}`);
      bytes.push(now.numBytes);
      if (bytes.length > REMEMBERED) bytes.shift();
      line.setAttribute('points', pointsOf(bytes));
    },
    end: (text) => {
      element.dataset.ended = '';
      setText(state, text);
    },
  };
}

/** The bytes of the newest frames as a line, from zero at the bottom. */
function pointsOf(bytes: readonly number[]): string {
  const most = Math.max(1, ...bytes);
  return bytes
    .map(
      (each, i) =>
        `${((80 * i) / Math.max(1, bytes.length - 1)).toFixed(1)},${(15 - (14 * each) / most).toFixed(1)}`,
    )
    .join(' ');
}

function logo(): SVGElement {
  const attributes = { class: 'logo', viewBox: '0 0 20 20', 'aria-hidden': 'true' };
  return svg(
    'svg',
    attributes,
    svg('path', { d: 'M6 3v14M14 3v3c0 4-8 3-8 7' }),
    svg('circle', { cx: '6', cy: '4', r: '2.2' }),
    svg('circle', { cx: '14', cy: '4', r: '2.2' }),
    svg('circle', { cx: '6', cy: '16', r: '2.2' }),
  );
}

function chevron(): SVGElement {
  return svg(
    'svg',
    { class: 'chevron', viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    svg('path', { d: 'M5 8l5 5 5-5' }),
  );
}
