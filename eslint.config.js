import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { ownProperties } from './scripts/lint-own-properties.js';

// The rooms of src/, each with the other rooms that it may import. Imports run one way: workers, files, data, nats →
// streams → models → tensor → kernels. A file that is in none of them (src/testing, src/script.ts) may import all.
const mayImport = {
  kernels: [],
  tensor: ['kernels'],
  cpu: ['streams', 'tensor'],
  // Programs by `import()`, so that they are a chunk of their own.
  models: ['programs', 'tensor', 'kernels'],
  streams: ['models', 'tensor'],
  checkpoints: ['streams', 'models', 'tensor'],
  workers: ['streams', 'models', 'tensor'],
  // Only what leads to no tensor and no kernel: it is published as one file of its own, whose size is limited.
  page: ['workers', 'streams', 'tensor'],
  files: ['streams', 'models', 'tensor'],
  parquet: ['files', 'streams', 'models', 'tensor'],
  data: ['streams', 'models', 'tensor'],
  inspector: ['streams', 'models', 'tensor', 'kernels'],
  vision: ['streams', 'models', 'tensor', 'kernels'],
  sound: ['files', 'streams', 'models', 'tensor', 'kernels'],
  ops: ['tensor', 'kernels'],
  'custom-kernels': ['tensor', 'kernels'],
  programs: ['tensor', 'kernels'],
  webgpu: ['kernels'],
  nats: ['streams', 'models', 'tensor'],
  node: ['streams', 'models', 'tensor'],
  tfjs: ['models', 'tensor', 'kernels'],
};
/** Only these rooms may import RxJS. */
const knowsRxjs = [
  'streams',
  'models',
  'workers',
  'page',
  'files',
  'parquet',
  'data',
  'inspector',
  'vision',
  'sound',
  'nats',
];
/** Only this room may import the clients of NATS, which are optional peers. */
const knowsNats = 'nats';
/** Only this room may import hyparquet, which is an optional peer. */
const knowsParquet = 'parquet';
/** All rooms. A room that is not in the table above may be imported by no room in it. */
const rooms = [...Object.keys(mayImport), 'testing'];
/** Imports that no file of src/ may have: code that is not published, and the package by its own name (a second copy). */
const outside = {
  regex: String.raw`^(\.\./)+(examples|bench|test|scripts|tools|dist)(/|$)|^rxtensor(/|$)`,
  message:
    'src/ imports nothing but src/ (by relative path), rxjs, in src/nats the clients of NATS, and in src/parquet hyparquet.',
};

/** Forbids imports. `no-restricted-imports` only sees static ones, so that `import('…')` in values and types is forbidden by syntax. */
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

/** The only file in src/tensor that may touch a backend's storage. */
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

/** How deep files lie in a room. */
const depths = [1, 2, 3, 4, 5];

/**
 * Blocks of configuration for each room, which forbid imports from rooms that the table does not list: one for each depth, since a room may have a folder with the
 * name of another room (streams/data).
 */
function oneWayImports() {
  return Object.entries(mayImport).flatMap(([room, allowed]) =>
    depths.flatMap((depth) => importsFrom(room, allowed, depth)),
  );
}

function importsFrom(room, allowed, depth) {
  const forbidden = rooms.filter((other) => other !== room && !allowed.includes(other));
  const patterns = [
    {
      regex: String.raw`^(\.\./){${depth}}(${forbidden.join('|')})(/|$)`,
      message: `src/${room} may import from ${[room, ...allowed].join(', ')} only: imports run workers, files → streams → models → tensor → kernels.`,
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
  if (room !== knowsNats)
    patterns.push({
      regex: '^@nats-io/',
      message: `src/${room} knows no NATS: it belongs to src/${knowsNats}.`,
    });
  if (room !== knowsParquet)
    patterns.push({
      regex: '^hyparquet(-|/|$)',
      message: `src/${room} knows no Parquet: it belongs to src/${knowsParquet}.`,
    });
  const files = [`src/${room}/${'*/'.repeat(depth - 1)}*.ts`];
  const ignores = ['**/*.spec.ts'];
  if (room !== 'tensor') return [{ files, ignores, rules: restrictImports(patterns) }];
  return [
    { files, ignores: [...ignores, door], rules: restrictImports(patterns, aroundTheDoor) },
    ...(depth === 1 ? [{ files: [door], rules: restrictImports(patterns) }] : []),
  ];
}

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/node_modules/',
    '.cache/',
    '**/.angular/',
    'api-docs/',
    // AssemblyScript, which has other types (i32, f32, v128) and is checked by its own compiler.
    'src/kernels/cpu/simd/assembly/',
    // Generated from it.
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
      // Messages contain numbers, such as shapes and sizes.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // noUncheckedIndexedAccess makes `values[i]!` necessary in the loops of kernels.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // An underscore marks a parameter that a type demands but the function does not use.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-for-of': 'off',
      // Callers may write JavaScript, so that functions check argument types that TypeScript promises.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      // `Record<never, never>` is the type of a kernel without attributes; rank names are made from numbers.
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
    // own-property.ts is the only place that sets properties under any key; no foreign keys reach src/testing.
    files: ['src/tensor/own-property.ts', 'src/testing/**/*.ts'],
    rules: { 'rxtensor/own-properties': 'off' },
  },
  ...oneWayImports(),
  {
    // What the root hands on, every program pays for.
    files: ['src/index.ts'],
    rules: restrictImports([
      outside,
      {
        regex: String.raw`^\./(?!tensor$|models$|streams$)`,
        message: 'src/index.ts hands on tensor, models and streams; other rooms are entries of their own.',
      },
    ]),
  },
  {
    // An interface beside the class declares the chainable methods.
    files: ['src/tensor/tensor.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    // Only `print()`, debug mode, hints, and the choice of a backend that may surprise write to the console.
    files: [
      'src/tensor/tensor.ts',
      'src/tensor/debug.ts',
      'src/kernels/active-backend.ts',
      'src/kernels/registered-backends.ts',
      'src/script-with-hints.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      // Specs have many small callbacks, unbound matchers, and values that are known by construction.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Names of cases contain shapes: `[${shape}]`.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowArray: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    // Programs written for TensorFlow.js, which tensorflow-programs.spec.ts compiles with either library.
    files: ['test/tensorflow-programs/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    // These have separate dependencies, which need not be installed to lint this project.
    files: ['bench/**', 'site/**', 'examples/angular/**', 'examples/frameworks/**'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // A component of Angular may have a template only.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    // The compiler checks scripts through their JSDoc; tools check their configurations.
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', 'no-undef': 'off' },
  },
);
