import fc from 'fast-check';

export interface Row {
  id: number;
  name: string | null;
  amount: string | null;
  day: string;
  paid: boolean;
}

const row: fc.Arbitrary<Row> = fc.record({
  id: fc.integer(),
  name: fc.option(
    fc.string({
      unit: fc.constantFrom('a', 'B', ' ', 'é', '🎉', ',', '"', '\n', '\\'),
      minLength: 1,
      maxLength: 6,
    }),
  ),
  amount: fc.option(
    fc
      .tuple(fc.integer({ min: -9999, max: 9999 }), fc.nat(99))
      .map(([a, b]) => `${a}.${String(b).padStart(2, '0')}`),
  ),
  day: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  paid: fc.boolean(),
});

export const rows: fc.Arbitrary<Row[]> = fc.uniqueArray(row, {
  selector: ({ id }) => id,
  minLength: 1,
  maxLength: 6,
});

const quote = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);
export const toCsv = (of: readonly Row[]): string =>
  `id,name,amount,day,paid\n${of.map(({ id, name, amount, day, paid }) => `${id},${quote(name)},${amount ?? ''},${day},${paid}\n`).join('')}`;
export const toJsonLines = (of: readonly Row[]): string =>
  of.map((each) => `${JSON.stringify(each)}\n`).join('');

const INTERESTING = [
  '"',
  '""',
  ',',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  'x',
  '0',
  '9',
  '-',
  '.',
  'e',
  ' ',
  '\u00ff',
  '\ufeff',
  'null',
  '2024-02-30',
  'true',
];

export interface Mutation {
  kind: 'flip' | 'insert' | 'delete' | 'repeat' | 'cut' | 'swap';
  at: number;
  length: number;
  bytes: Buffer;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('flip', 'insert', 'delete', 'repeat', 'cut', 'swap'),
  at: fc.nat(100_000),
  length: fc.integer({ min: 1, max: 24 }),
  bytes: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...INTERESTING).map((text) => Buffer.from(text)) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    },
  ),
});

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 3 });

export function mutate(body: Buffer, changes: readonly Mutation[]): Buffer {
  return changes.reduce((bytes, { kind, at: place, length, bytes: put }) => {
    const at = bytes.length === 0 ? 0 : place % bytes.length;
    const before = bytes.subarray(0, at);
    const piece = bytes.subarray(at, at + length);
    const after = bytes.subarray(at + length);
    switch (kind) {
      case 'flip':
        return Buffer.concat([
          before,
          piece.map((byte, index) => (index === 0 ? byte ^ (1 << (length % 8)) : byte)),
          after,
        ]);
      case 'insert':
        return Buffer.concat([before, put, bytes.subarray(at)]);
      case 'delete':
        return Buffer.concat([before, after]);
      case 'repeat':
        return Buffer.concat([before, piece, piece, after]);
      case 'cut':
        return Buffer.from(before);
      case 'swap':
        return Buffer.concat([before, put, bytes.subarray(at + put.length)]);
    }
  }, body);
}
