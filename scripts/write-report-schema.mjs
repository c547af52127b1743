// Writes docs/validation-report.schema.json from the schema in dist; a test holds them equal.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { z } = require('zod');
const { validationReportSchema } = require(join(root, 'dist', 'report', 'validation-report.js'));
const schema = z.toJSONSchema(validationReportSchema);
writeFileSync(join(root, 'docs', 'validation-report.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
