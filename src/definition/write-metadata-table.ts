import type { ImportedColumn, Scalar } from './metadata-column';
import type { ImportedTable } from './read-metadata';
import { describeValues } from './table-from-metadata';

/** Text is not a template of code: whatever a metadata file says stays a string. */
function literal(value: Scalar | RegExp | readonly string[]): string {
  if (Array.isArray(value)) return `[${(value as string[]).map(literal).join(', ')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'string') return String(value);
  const json = JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return /['\\]/.test(value) || json.length !== value.length + 2 ? json : `'${value}'`;
}

const comment = (words: string): string => words.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /');

function writeArguments({ type, inner }: ImportedColumn): string[] {
  if (type.builder === 'array') return inner.map(writeSchema);
  return type.builder === 'struct'
    ? [`{ ${inner.map((field) => `${field.name}: ${writeSchema(field)}`).join(', ')} }`]
    : type.args.map(String);
}

function writeSchema(imported: ImportedColumn): string {
  const { type, options, values, methods, nullable } = imported;
  const given = Object.entries(options).map(([key, value]) => `${key}: ${literal(value)}`);
  const isChoice = type.builder === 'string' && values !== undefined;
  const args = [
    ...(isChoice ? [`[${values.map(literal).join(', ')}]`] : writeArguments(imported)),
    ...(given.length === 0 ? [] : [`{ ${given.join(', ')} }`]),
  ];
  const calls = methods.map((method) => `.${method.name}(${literal(method.value)})`);
  if (values !== undefined && !isChoice)
    calls.push(
      `.refine((value) => [${values.map(literal).join(', ')}].includes(value), ${literal(describeValues(values))})`,
    );
  if (nullable) calls.push('.nullable()');
  return `column.${isChoice ? 'oneOf' : type.builder}(${args.join(', ')})${calls.join('')}`;
}

const writeColumn = (imported: ImportedColumn): string[] => [
  ...imported.comments.map((words) => `    // ${comment(words)}`),
  `    ${imported.name}: ${writeSchema(imported)},`,
];

/** `my_table` → `myTable`, which with `Table` behind it is no word of the language. */
const toIdentifier = (name: string): string =>
  `${name.replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replaceAll('_', '')}Table`;

export interface WrittenTable {
  /** The name under which it is exported. */
  identifier: string;
  typescript: string;
}

/** The imported table as TypeScript, which means the same as `tableFromMetadata`. */
export function writeMetadataTable(imported: ImportedTable): WrittenTable {
  const { name, description, format, columns, primaryKey, foreignKeys } = imported;
  const identifier = toIdentifier(name);
  const maker = format === 'json-lines' ? 'jsonLines' : (format ?? 'csv');
  const names = ['column', ...(format === undefined ? [] : [maker]), 'table'].sort();
  const lines = [
    `import { ${names.join(', ')} } from 'landfall';`,
    '',
    `/** Table ${name}, imported from mojap-metadata. */`,
    `export const ${identifier} = table({`,
    ...(description === undefined ? [] : [`  description: ${literal(description)},`]),
    ...(format === undefined ? [] : [`  format: ${maker}(),`]),
    '  columns: {',
    ...columns.flatMap(writeColumn),
    '  },',
    ...(primaryKey.length === 0 ? [] : [`  primaryKey: ${literal(primaryKey)},`]),
    ...(foreignKeys.length === 0
      ? []
      : ['  // The metadata does not say where to look: in the delivery and in what is published.']),
    ...(foreignKeys.length === 0 ? [] : ['  foreignKeys: [']),
    ...foreignKeys.map(
      ({ columns: own, references }) =>
        `    { columns: ${literal(own)}, references: { table: ${literal(references.table)}, columns: ${literal(references.columns)} }, in: 'either' },`,
    ),
    ...(foreignKeys.length === 0 ? [] : ['  ],']),
    '});',
    '',
  ];
  return { identifier, typescript: lines.join('\n') };
}
