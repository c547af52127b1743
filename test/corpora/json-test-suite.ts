import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/checks/finding';
import type { EngineUnderTest } from './engine-under-test';
import { verdict, type Verdict } from './verdict';

const FOLDER = join(__dirname, 'json-test-suite', 'test_parsing');
/** They name a key twice, which Landfall refuses on purpose. */
const REFUSED_ON_PURPOSE = new Set([
  'y_object_duplicated_key.json',
  'y_object_duplicated_key_and_value.json',
]);

/** A value of another kind than the column's is no fault of the JSON. */
const isAccepted = (findings: readonly Finding[]): boolean =>
  findings.every(({ code, column }) => code === 'type' && column === 'value');
const isRefusedWithPlace = (findings: readonly Finding[]): boolean =>
  findings.some(
    ({ code, file, samples }) => code !== 'type' && file !== undefined && samples[0]?.line !== undefined,
  );

/** Each file as the value of a record: in a JSON array, and as a line where it is one. */
export async function checkJsonTestSuite(engine: EngineUnderTest): Promise<Verdict> {
  const result = verdict('JSONTestSuite');
  const count = { accepted: 0, refused: 0, either: 0 };
  for (const name of readdirSync(FOLDER).sort()) {
    const body = readFileSync(join(FOLDER, name));
    const forms: [table: string, file: string, before: string, after: string][] = [
      ['json_array', name, '[{"id":1,"value":', '}]'],
    ];
    if (!body.includes('\n')) forms.push(['json_lines', `${name}l`, '{"id":0}\n{"id":1,"value":', '}\n']);
    for (const [table, file, before, after] of forms) {
      result.files += 1;
      const whole = Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
      const findings = await engine.check(table, file, whole);
      const codes = findings.map(({ code }) => code).join(', ') || 'nothing';
      const mustBeRefused = name.startsWith('n_') || REFUSED_ON_PURPOSE.has(name);
      if (name.startsWith('i_')) count.either += 1;
      else if (mustBeRefused) {
        count.refused += 1;
        if (!isRefusedWithPlace(findings)) result.fail(`${file} is refused for ${codes}`);
      } else {
        count.accepted += 1;
        if (!isAccepted(findings)) result.fail(`${file} is not accepted: ${codes}`);
      }
    }
  }
  result.figures = count;
  return result;
}
