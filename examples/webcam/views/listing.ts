import type { Scene } from '../scenes/scene';

/** The comments, and the operators and functions of this library, which stand out in a listing. */
const MARKED =
  /\/\/.*|\b(?:track|smooth|overlay|rates|detector|landmarker|segment|segmenter|mapTensor|mapTensorAsync|paint|slidingWindow|download|waitUntil|webcam|canvasFrames|videoFrames|loadGraphModel)(?=\()/g;

/**
 * Shows the observable of a scene: what the function in its file does, below the models and the source of its frames.
 *
 * @param source how the frames are made
 */
export function showListing(target: HTMLElement, { code, models }: Scene, source: string): void {
  const [, body = ''] = /\): Observable<.*> \{\n([\s\S]*?)\n\}/.exec(code) ?? [];
  const lines = body.split('\n').map((line) =>
    line
      .slice(2)
      .replace(/^return /, '')
      .replaceAll('!(', '('),
  );
  const text = [
    // By the name that the pipeline gives it.
    ...models.map((name) => `const ${name.split('-')[0]} = await loadGraphModel('${name}.json');`),
    `const frames$ = ${source};`,
    '',
    `${lines.join('\n').replace(/;$/, '')}.subscribe(show);`,
  ].join('\n');
  target.replaceChildren(...marked(text));
}

/** The text, with elements around what stands out. */
function marked(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(MARKED)) {
    const element = document.createElement(word.startsWith('//') ? 'i' : 'b');
    element.textContent = word;
    parts.push(text.slice(end, index), element);
    end = index + word.length;
  }
  return [...parts, text.slice(end)];
}
