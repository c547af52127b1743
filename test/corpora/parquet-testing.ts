import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFinding } from '../../src/checks/describe-finding';
import type { EngineUnderTest } from './engine-under-test';
import { verdict, type Verdict } from './verdict';

const FOLDER = join(__dirname, 'parquet-testing');

/**
 * The columns differ from file to file and are none of the table's, so that all is read that there is, and none is
 * accepted; what must hold is that bad files are called so, and that valid ones are read or refused with words.
 */
export async function checkParquetTesting(engine: EngineUnderTest): Promise<Verdict> {
  const result = verdict('parquet-testing');
  const count = { bad: 0, read: 0, refusedWithWords: 0 };
  for (const folder of ['bad_data', 'data']) {
    for (const name of readdirSync(join(FOLDER, folder)).filter((each) => each.includes('.parquet'))) {
      result.files += 1;
      const findings = await engine.check('parquet', name, readFileSync(join(FOLDER, folder, name)));
      const bad = findings.filter(
        ({ code }) => code === 'malformed-parquet' || code === 'unsupported-parquet',
      );
      const words = bad.map((finding) => describeFinding(finding));
      if (folder === 'bad_data') {
        count.bad += 1;
        if (findings.length === 0) result.fail(`${name} is accepted`);
      } else if (bad.length === 0) count.read += 1;
      else count.refusedWithWords += 1;
      for (const each of words) if (each.includes('undefined')) result.fail(each);
    }
  }
  result.figures = count;
  return result;
}
