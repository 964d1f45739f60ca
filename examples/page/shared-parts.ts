import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of Vite's `Plugin` that is used here: the pages of frameworks are built by a Vite of their own. */
interface HtmlPlugin {
  readonly name: string;
  readonly transformIndexHtml: {
    readonly order: 'pre';
    readonly handler: (html: string, context: { readonly path: string }) => string;
  };
}

/**
 * Puts what pages share, `NAME.html` of a folder, where they say `<!-- part: NAME -->`. In it `%CRUMB%` becomes what the page's title says
 * before its dot, `%HOME%` the way to the page at the top, and `%WORDS%` what `<!-- part: NAME | WORDS -->` gives.
 */
export function sharedParts(folder: string): HtmlPlugin {
  return {
    name: 'shared-parts',
    transformIndexHtml: {
      order: 'pre',
      handler(html, { path }) {
        const [, crumb = ''] = /<title>(.*?) · /.exec(html) ?? [];
        const home = path === '/index.html' ? './' : '../';
        return html
          .replaceAll(
            /<!-- part: ([\w-]+)(?: \| (.*?))? -->/g,
            (_, name: string, words: string | undefined) =>
              readFileSync(join(folder, `${name}.html`), 'utf8').replaceAll('%WORDS%', words ?? ''),
          )
          .replaceAll('%HOME%', home)
          .replaceAll('%CRUMB%', crumb);
      },
    },
  };
}
