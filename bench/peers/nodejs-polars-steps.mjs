// One step with nodejs-polars' own sink: node nodejs-polars-steps.mjs parquet <in.jsonl.gz> <out.parquet>
// It reads no gzip (it aborts), so that the lines are unpacked to a file first.
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pl from 'nodejs-polars';

const [, source, target] = process.argv.slice(2);
console.log('ready');
const lines = `${target}.jsonl`;
await pipeline(createReadStream(source), createGunzip({ chunkSize: 256 * 1024 }), createWriteStream(lines));
await pl
  .scanJson(lines)
  .withColumns(
    pl.col('case_id').cast(pl.Int64, true),
    pl.col('amount').cast(pl.Decimal(12, 2), true),
    pl.col('hearing_date').cast(pl.Date, true),
    pl.col('created_at').str.strptime(pl.Datetime('ms'), '%Y-%m-%d %H:%M:%S%.f').alias('created_at'),
    pl.lit(1534968800).cast(pl.Int64).alias('file_land_timestamp'),
  )
  .sinkParquet(target, { compression: 'zstd', maintainOrder: true })
  .collect();
rmSync(lines);
process.exit();
