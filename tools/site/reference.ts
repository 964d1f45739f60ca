// Writes the API reference as Markdown: TypeDoc, with its plugin for Markdown.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Application } from 'typedoc';
import { entries } from '../../scripts/entries.js';
import { PAGES, SITE } from './places';

/** Entries whose exports the root exports, too. */
const PARTS_OF_ROOT = ['tensor', 'streams'];

/** Options of the plugin, which TypeDoc's own types do not know. */
const MARKDOWN = {
  router: 'member',
  entryFileName: 'index',
  readme: 'none',
  hidePageHeader: true,
  hideBreadcrumbs: false,
  useHTMLEncodedBrackets: true,
  sanitizeComments: true,
  expandObjects: true,
  parametersFormat: 'table',
  propertyMembersFormat: 'list',
};

export async function writeReference(): Promise<void> {
  const require = createRequire(resolve(SITE, 'package.json'));
  const application = await Application.bootstrapWithPlugins({
    entryPoints: entries.flatMap(({ name, source }) => (PARTS_OF_ROOT.includes(name) ? [] : [source])),
    tsconfig: join(SITE, 'tsconfig.reference.json'),
    plugin: [require.resolve('typedoc-plugin-markdown')],
    name: 'Reference',
    excludeInternal: true,
    excludePrivate: true,
    disableSources: true,
    validation: { notExported: false },
    logLevel: 'Warn',
    ...MARKDOWN,
  });
  const project = await application.convert();
  if (!project) throw new Error('TypeDoc has not understood the sources');
  await application.generateOutputs(project);
}
