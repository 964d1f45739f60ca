// Writes the API reference as Markdown: TypeDoc, with its plugin for Markdown.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import {
  Application,
  Comment,
  CommentTag,
  Context,
  Converter,
  ReflectionKind,
  TSConfigReader,
  type DeclarationReflection,
} from 'typedoc';
import type ts from 'typescript';
import { entries, partsOfRoot } from '../../scripts/entries.js';
import { PAGES, SITE } from './places';

/** The headings of an index, by where an item is written. Types stand under headings of their own. */
const HEADINGS: readonly (readonly [RegExp, string])[] = [
  [/\/streams\/sources\//, 'Sources'],
  [/\/streams\/operators\//, 'Operators'],
  [/\/streams\//, 'Streams'],
  [/\/tensor\/ops\//, 'Ops'],
  [/\/tensor\/optimizers\//, 'Optimizers'],
  [/\/tensor\/(gradients|custom-gradient)/, 'Gradients'],
  [/\/tensor\/(tensor|variable|tensor-buffer|rank)\./, 'Tensors'],
  [/\/tensor\/|\/kernels\//, 'Memory, devices, debugging'],
  [/\/data\/transforms\//, 'Prepare'],
  [/\/data\/(sampling|windows)\//, 'Sample and window'],
  [/\/data\/metrics\//, 'Measure'],
  [/\/data\/learning\//, 'Learn from feeds'],
  [/\/nats\/carrying\//, 'Carry emissions'],
  [/\/nats\/serving\//, 'Serve models'],
  [/\/nats\/training\//, 'Train together'],
];
const TYPES = ReflectionKind.Interface | ReflectionKind.TypeAlias;

/** Options of the plugin, which TypeDoc's own types do not know. */
const MARKDOWN = {
  router: 'member',
  readme: 'none',
  entryFileName: 'index',
  hidePageHeader: true,
  useHTMLEncodedBrackets: true,
  indexFormat: 'table',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  pageTitleTemplates: { member: (args: { readonly name: string }) => args.name },
};

function setHeading(reflection: DeclarationReflection): void {
  const file = reflection.sources?.[0]?.fullFileName ?? '';
  const heading = HEADINGS.find(([pattern]) => pattern.test(file))?.[1];
  if (heading === undefined || reflection.kindOf(TYPES)) return;
  // What is said of a function stands at its signatures.
  const commented: readonly { comment?: Comment }[] = reflection.signatures ?? [reflection];
  for (const each of commented) {
    each.comment ??= new Comment();
    each.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: heading }]));
  }
}

/** Says in the table of entries, too, how far each may be relied on: TypeDoc shows its tag on the page of the entry alone. */
function sayStability({ comment }: DeclarationReflection): void {
  const text = comment?.hasModifier('@experimental') ? ' *Experimental.*' : ' *Stable.*';
  comment?.summary.push({ kind: 'text', text });
}

/** What is said of the parameters of an op stands at the op, for all of its signatures: a list of them, in place of a heading for each. */
function listParameters({ comment, signatures }: DeclarationReflection): void {
  if (!comment || !signatures) return;
  const parameters = comment.blockTags.filter(({ tag }) => tag === '@param');
  if (parameters.length === 0) return;
  comment.removeTags('@param');
  comment.summary.push({ kind: 'text', text: '\n' });
  for (const { name = '', content } of parameters)
    comment.summary.push({ kind: 'text', text: `\n- \`${name}\`: ` }, ...content);
}

type CommentOf = (this: Context, symbol: ts.Symbol, kind: ReflectionKind) => Comment | undefined;

/** An op is a constant that can be called: TypeDoc shows it as a function if its comment says so. */
function showOpsAsFunctions(): void {
  const commentOf: CommentOf = Reflect.get<Context, 'getComment'>(Context.prototype, 'getComment');
  const ofOps: CommentOf = function (symbol, kind) {
    const comment = commentOf.call(this, symbol, kind);
    const isCalled = this.checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0;
    if (comment && kind === ReflectionKind.Variable && isCalled) comment.modifierTags.add('@function');
    return comment;
  };
  Reflect.set(Context.prototype, 'getComment', ofOps);
}

export async function writeReference(): Promise<void> {
  const require = createRequire(resolve(SITE, 'package.json'));
  const options = {
    entryPoints: entries.flatMap(({ name, source }) => (partsOfRoot.includes(name) ? [] : [source])),
    tsconfig: join(SITE, 'tsconfig.reference.json'),
    plugin: [require.resolve('typedoc-plugin-markdown')],
    outputs: [{ name: 'markdown', path: join(PAGES, 'reference') }],
    name: 'Reference',
    excludeInternal: true,
    excludePrivate: true,
    // Of rxtensor/tfjs, what is the same in the root is found there.
    excludeReferences: true,
    groupOrder: [...new Set(HEADINGS.map(([, heading]) => heading)), '*', 'Interfaces', 'Type Aliases'],
    validation: { notExported: false },
    logLevel: 'Error' as const,
    ...MARKDOWN,
  };
  showOpsAsFunctions();
  // Not typedoc.json, which has the options of `npm run docs`.
  const application = await Application.bootstrapWithPlugins(options, [new TSConfigReader()]);
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
    for (const module of project.children ?? []) {
      sayStability(module);
      module.children?.forEach(setHeading);
    }
    for (const each of project.getReflectionsByKind(ReflectionKind.Function))
      if (each.isDeclaration()) listParameters(each);
  });
  const project = await application.convert();
  if (!project) throw new Error('TypeDoc has not understood the sources');
  // Where an item is written helps nobody who reads the site.
  for (const each of Object.values(project.reflections)) Reflect.deleteProperty(each, 'sources');
  await application.generateOutputs(project);
}
