/** Something the reader should know, and may be able to change. */
export interface Notice {
  readonly kind: 'caution' | 'error';
  readonly title: string;
  /** Paragraphs: what it is, and what to do about it; `code` in backquotes. */
  readonly text: readonly string[];
}

let shown = '';

/** Shows notices, instead of those shown before. */
export function showNotices(container: HTMLElement, notices: readonly Notice[]): void {
  const wanted = JSON.stringify(notices);
  // Screen readers are told of changes alone.
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

/** A paragraph in which `code` in backquotes is set as such. */
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
