import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { ownProperties } from './scripts/lint-own-properties.js';

// The rooms of src/, and for each the rooms it may import from besides itself. Imports run one way:
// streams → models → tensor → kernels. A room that is not named here (src/testing, src/index.ts) may import all.
const mayImport = {
  kernels: [],
  tensor: ['kernels'],
  models: ['tensor', 'kernels'],
  streams: ['models', 'tensor'],
  node: ['streams', 'models', 'tensor'],
};
/** Only these rooms know RxJS. */
const knowsRxjs = ['streams'];
/** Every room there is; what is not a room of the table above may be imported by none of them. */
const rooms = [...Object.keys(mayImport), 'testing'];
/** What no file of src/ may reach: code that is not published, and the package by its own name (a second copy). */
const outside = {
  regex: String.raw`^(\.\./)+(examples|bench|test|scripts|tools|dist)(/|$)|^rxtensor(/|$)`,
  message: 'src/ imports nothing but src/ (by relative path) and rxjs.',
};

/** `no-restricted-imports` sees static imports only; the same patterns for `import('…')` in values and types. */
function restrictImports(patterns, syntax = []) {
  return {
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-syntax': [
      'error',
      ...syntax,
      ...patterns.flatMap(({ regex, message }) => {
        const pattern = regex.replaceAll('/', String.raw`\u002F`);
        return [
          { selector: `ImportExpression[source.value=/${pattern}/]`, message },
          { selector: `TSImportType[source.value=/${pattern}/]`, message },
        ];
      }),
    ],
  };
}

/** In src/tensor, the one file that may touch what a backend stores. */
const door = 'src/tensor/device.ts';
const aroundTheDoor = [
  String.raw`MemberExpression[property.name=/^(allocate|free|write|read|readSync|run)$/][object.name=/backend|device/i]`,
  String.raw`MemberExpression[property.name=/^(allocate|free|write|read|readSync|run)$/][object.property.name='backend']`,
  String.raw`MemberExpression[property.name=/^(allocate|free|write|read|readSync|run)$/][object.callee.name=/backend/i]`,
  String.raw`MemberExpression[property.name='handle']`,
  String.raw`Property[key.name='handle'][parent.type='ObjectPattern']`,
].map((selector) => ({
  selector,
  message: `Kernel runs, allocations, writes, reads, moves and frees pass through ${door}, where observers see them.`,
}));

/** One block of configuration a room: the imports that run against the stream of the table. */
function oneWayImports() {
  return Object.entries(mayImport).flatMap(([room, allowed]) => {
    const forbidden = rooms.filter((other) => other !== room && !allowed.includes(other));
    const patterns = [
      {
        regex: String.raw`^(\.\./)+(${forbidden.join('|')})(/|$)`,
        message: `src/${room} may import from ${[room, ...allowed].join(', ')} only: imports run streams → models → tensor → kernels.`,
      },
      {
        regex: String.raw`^(\.\./)+(index)?$`,
        message: `src/${room} must not import the public face above it.`,
      },
      outside,
    ];
    if (!knowsRxjs.includes(room)) {
      patterns.push({
        regex: '^rxjs(/|$)',
        message: `src/${room} knows no streams: RxJS belongs to src/streams.`,
      });
    }
    const files = [`src/${room}/**/*.ts`];
    const ignores = ['**/*.spec.ts'];
    if (room !== 'tensor') return [{ files, ignores, rules: restrictImports(patterns) }];
    return [
      { files, ignores: [...ignores, door], rules: restrictImports(patterns, aroundTheDoor) },
      { files: [door], rules: restrictImports(patterns) },
    ];
  });
}

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/node_modules/',
    '.cache/',
    'api-docs/',
    // AssemblyScript has types of its own (i32, f32, v128) and is checked by its own compiler, …
    'src/kernels/cpu/simd/assembly/',
    // … whose output is generated.
    '**/*.wasm.ts',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.js'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-eval': 'error',
      'no-new-func': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Shapes and sizes are numbers, and numbers belong in messages.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Under noUncheckedIndexedAccess the loops of kernels say `values[i]!`; the compiler checks the rest.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Underscore: a parameter that a contract demands and this function does not need.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-for-of': 'off',
      // Callers may write JavaScript: arguments are checked for what TypeScript already promises.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      // `Record<never, never>` says of an op that it has no attributes; rank names are made from numbers.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    plugins: { rxtensor: { rules: { 'own-properties': ownProperties } } },
    rules: { 'no-console': 'error', 'rxtensor/own-properties': 'error', ...restrictImports([outside]) },
  },
  {
    // The one place that sets properties under any key; and what no stranger's key reaches.
    files: ['src/tensor/own-property.ts', 'src/testing/**/*.ts'],
    rules: { 'rxtensor/own-properties': 'off' },
  },
  ...oneWayImports(),
  {
    // The chainable methods are declared by an interface next to the class.
    files: ['src/tensor/tensor.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    // `print()` and the warnings of debug mode are the only voices of the library.
    files: ['src/tensor/tensor.ts', 'src/tensor/debug.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      // Specs are full of small callbacks, matchers handed over unbound, and values known by construction.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // The names of cases are made of shapes: `[${shape}]`.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowArray: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    // Programs as they are written for TensorFlow.js: compiled with either library by tensorflow-programs.spec.ts.
    files: ['test/tensorflow-programs/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    // bench/ has dependencies of its own, which need not be installed to check this project.
    files: ['bench/**'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    // Scripts are checked by the compiler through their JSDoc, configurations by the tools that read them.
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', 'no-undef': 'off' },
  },
);
