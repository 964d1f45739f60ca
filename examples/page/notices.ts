/** A message to the reader. */
export interface Notice {
  readonly kind: 'caution' | 'error';
  readonly title: string;
  /** Paragraphs: the problem and the cure, with `code` in backquotes. */
  readonly text: readonly string[];
}

let shown = '';

/** Replaces the notices on the page. */
export function showNotices(container: HTMLElement, notices: readonly Notice[]): void {
  const wanted = JSON.stringify(notices);
  // Unchanged notices stay, so that screen readers announce changes only.
  if (wanted === shown) return;
  shown = wanted;
  container.replaceChildren(...notices.map(noticeElement));
}

function noticeElement({ kind, title, text }: Notice): HTMLElement {
  const root = document.createElement('div');
  root.className = `notice ${kind}`;
  root.setAttribute('role', kind === 'error' ? 'alert' : 'note');
  const head = document.createElement('strong');
  head.textContent = title;
  root.append(head, ...text.map(paragraph));
  return root;
}

/** A paragraph that shows text in backquotes as code. */
function paragraph(text: string): HTMLParagraphElement {
  const result = document.createElement('p');
  text.split('`').forEach((part, index) => {
    if (index % 2 === 0) {
      result.append(part);
      return;
    }
    const code = document.createElement('code');
    code.textContent = part;
    result.append(code);
  });
  return result;
}
