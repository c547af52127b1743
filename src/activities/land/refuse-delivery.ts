import { describeFindings } from '../../checks/describe-findings';
import type { Pipeline } from '../../definition/pipeline';
import { DeliveryRefusedError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { cut } from '../../report/escape';
import { renderDigest } from '../../report/render-digest';
import { rowCounts } from '../../report/row-counts';
import { headline, summarizeRefusal } from '../../report/summarize';
import type { ValidationReport } from '../../report/validation-report';

const MOST_SENTENCES = 12;
const SENTENCE_CHARACTERS = 600;

/** The words, data and markdown with which a delivery is refused, all of them bounded. */
export function refuseDelivery(
  pipeline: Pipeline,
  { fileLandTimestamp }: DeliveryRef,
  report: ValidationReport,
  locations: { report: string; page: string },
): DeliveryRefusedError {
  const all = describeFindings(report.findings, rowCounts(report.files));
  const sentences = all.slice(0, MOST_SENTENCES).map((sentence) => `- ${cut(sentence, SENTENCE_CHARACTERS)}`);
  const more = all.length + report.moreFindings - sentences.length;
  if (more > 0) sentences.push(`- and ${more} more, all in the report`);
  const refusal = summarizeRefusal(report, locations);
  const { quarantine } = pipeline.areas;
  const words =
    quarantine === undefined
      ? {
          unchanged:
            'Nothing was moved: land is as it was, and raw-hist, processed, curated and Glue are unchanged.',
          next: `Have the files corrected and landed again, then run the pipeline. The whole report: ${locations.page}`,
        }
      : {
          unchanged: `raw-hist, processed, curated and Glue are unchanged; the files go to quarantine (s3://${quarantine}).`,
          next: `Have the files corrected and landed again, then run the pipeline; or, if the pipeline was at fault, mend it and: landfall replay ${pipeline.name} --timestamp ${fileLandTimestamp} --why "…". The whole report: ${locations.page}`,
        };
  return new DeliveryRefusedError(
    {
      happened: `Delivery ${fileLandTimestamp} of pipeline "${pipeline.name}" is refused: ${headline(report)}:\n${sentences.join('\n')}\n`,
      ...words,
    },
    { refusal, digest: renderDigest(headline(report), refusal, words.unchanged) },
  );
}
